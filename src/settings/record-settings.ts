import { httpAddress, oneOf, text, wholeNumber } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

export const recordSettings = {
  LOG_LEVEL: setting(
    'info',
    oneOf(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent'),
    'How much is logged; `debug` logs every request.',
  ),
  AUDIT_RETENTION_DAYS: setting(
    '90',
    wholeNumber(0, 36_500),
    'How many days the audit trail is kept. `0` keeps it for ever.',
  ),
};

const protocol = text('`http/json`');

/** Standard variables of OpenTelemetry, whose libraries read them. The gateway only looks whether to load those. */
export const traceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalSetting(
    httpAddress,
    'The collector that traces are sent to. `/v1/traces` is added.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optionalSetting(
    httpAddress,
    'The same, as the whole address. It goes before the other one.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: optionalSetting(protocol, 'How traces are sent. `grpc` is refused.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optionalSetting(protocol, 'The same.'),
  OTEL_TRACES_EXPORTER: optionalSetting(
    text('`otlp`, `none`'),
    '`none`: no traces, in spite of the address.',
  ),
  OTEL_SDK_DISABLED: optionalSetting(text('`true`, `false`'), '`true`: no traces, in spite of the address.'),
};
