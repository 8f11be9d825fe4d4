import { httpAddress, oneOf, text, wholeNumber } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

export const recordSettings = {
  LOG_LEVEL: setting(
    'info',
    oneOf(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent'),
    'The lowest level that is logged. `debug` logs every request.',
  ),
  AUDIT_RETENTION_DAYS: setting(
    '90',
    wholeNumber(0, 36_500),
    'How many days audit events are kept. `0` keeps them for ever.',
  ),
};

const protocol = text('`http/json`');

/** Standard variables of OpenTelemetry. Its libraries read them; the gateway only decides whether to load the libraries. */
export const traceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalSetting(
    httpAddress,
    'The address of the collector of traces. `/v1/traces` is added.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optionalSetting(
    httpAddress,
    'The same, as a whole address. It is used instead of the other one.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: optionalSetting(protocol, 'How traces are sent. `grpc` is refused.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optionalSetting(protocol, 'The same.'),
  OTEL_TRACES_EXPORTER: optionalSetting(text('`otlp`, `none`'), '`none`: no traces, even with an address.'),
  OTEL_SDK_DISABLED: optionalSetting(text('`true`, `false`'), '`true`: no traces, even with an address.'),
};
