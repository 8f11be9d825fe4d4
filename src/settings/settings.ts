import { databaseSettings } from './database-settings.ts';
import { httpSettings } from './http-settings.ts';
import { recordSettings, traceSettings } from './record-settings.ts';
import { documentSettings, requestLimits } from './request-settings.ts';
import { scriptLimits } from './script-settings.ts';
import type { Settings } from './setting.ts';
import { jwtSettings, signInSettings } from './sign-in-settings.ts';

/** Every setting by the name of its variable. */
export const allSettings = {
  ...databaseSettings,
  ...httpSettings,
  ...signInSettings,
  ...jwtSettings,
  ...documentSettings,
  ...requestLimits,
  ...scriptLimits,
  ...recordSettings,
  ...traceSettings,
};

export interface SettingGroup {
  readonly title: string;
  readonly settings: Settings;
  /** A sentence or two of Markdown above the table. */
  readonly note?: string;
}

/** The settings as `docs/configuration.md` groups them. */
export const settingGroups: readonly SettingGroup[] = [
  { title: 'Database', settings: databaseSettings },
  { title: 'HTTP', settings: httpSettings },
  { title: 'Sign-in', settings: signInSettings },
  {
    title: 'OpenID provider',
    settings: jwtSettings,
    note: 'Set all of the first three, or none. See [sign in with an OpenID provider](permissions.md#sign-in-with-an-openid-provider).',
  },
  {
    title: 'Persisted documents',
    settings: documentSettings,
    note: 'See [run only known documents](security.md#run-only-known-documents).',
  },
  {
    title: 'Limits of a request',
    settings: requestLimits,
    note: 'A request beyond a limit is refused, and the message names the limit.',
  },
  { title: 'Limits of a script', settings: scriptLimits },
  { title: 'Log and audit trail', settings: recordSettings },
  {
    title: 'Traces',
    settings: traceSettings,
    note: "Standard variables of OpenTelemetry. Its other variables for traces work too, such as `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER` and `OTEL_EXPORTER_OTLP_HEADERS`; see OpenTelemetry's documentation.",
  },
];
