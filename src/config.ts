import { z } from 'zod';
import { databaseSettings } from './settings/database-settings.ts';
import { httpSettings } from './settings/http-settings.ts';
import { recordSettings } from './settings/record-settings.ts';
import { documentSettings, requestLimits } from './settings/request-settings.ts';
import { checkTogether, isTraced } from './settings/rules.ts';
import { scriptLimits } from './settings/script-settings.ts';
import { named, type ValuesOf } from './settings/setting.ts';
import { allSettings } from './settings/settings.ts';
import { signInSettings } from './settings/sign-in-settings.ts';

/**
 * The settings of the gateway, read from the environment once at start. The variable `MAX_COST` is `maxCost` here.
 * `settings/settings.ts` lists all of them.
 */
export type Config = ReturnType<typeof configOf>;

export type Limits = Config['limits'];

/** The settings of JSON Web Tokens. */
export type JwtConfig = NonNullable<Config['jwt']>;

/** Who may read the SDL for gateways: callers with a token, everybody, or nobody. */
export type SdlAccess = Config['sdlAccess'];

/** Thrown for wrong settings. The message has one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

type Values = ValuesOf<typeof allSettings>;

const schemas = Object.entries(allSettings).map(([name, { schema }]) => [name, schema]);
const schema = z.object(Object.fromEntries(schemas)).superRefine((values, context) =>
  checkTogether(values as Values, (name, message) => {
    context.addIssue({ code: 'custom', path: [name], message });
  }),
);

/**
 * Reads the settings from an environment such as `process.env`. An empty variable counts as unset.
 *
 * @throws ConfigError that names every wrong variable and how to mend it
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return configOf(result.data as Values);
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const value = environment[name];
      if (issue.code === 'custom' && issue.params?.isWhole === true) return `${name} ${issue.message}.`;
      return value === undefined || value === ''
        ? `${name} ${issue.message}.`
        : `${name} ${issue.message}, not ${shown(name, value)}.`;
    }),
  );
}

function configOf(values: Values) {
  return {
    ...named(databaseSettings, values),
    ...named(httpSettings, values),
    ...named(signInSettings, values),
    ...named(documentSettings, values),
    ...named(recordSettings, values),
    jwt: jwtOf(values),
    tracing: isTraced(values),
    limits: { ...named(requestLimits, values), ...named(scriptLimits, values) },
  } as const;
}

function jwtOf(values: Values) {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl } = values;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return undefined;
  return {
    issuer,
    audience,
    jwksUrl,
    algorithm: values.JWT_ALGORITHM,
    permissionsClaim: values.JWT_PERMISSIONS_CLAIM,
    createUsers: values.JWT_CREATE_USERS,
  };
}

/** Quotes a value for a message. An address may contain a password, so only its scheme is shown. */
function shown(name: string, value: string): string {
  if (name === 'DATABASE_URL' || value.includes('@')) {
    return `"${value.match(/^[\w+]{0,20}:/)?.[0] ?? ''}…"`;
  }
  return JSON.stringify(value.slice(0, 100));
}
