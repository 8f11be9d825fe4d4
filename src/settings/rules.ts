import type { ValuesOf } from './setting.ts';
import type { allSettings } from './settings.ts';

type Values = ValuesOf<typeof allSettings>;
type Mistake = (name: keyof Values, message: string) => void;

/** All of them are needed to accept JSON Web Tokens. With none of them, no JSON Web Token is accepted. */
const needed = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'] as const;

/** Finds settings that are valid alone, but not together. */
export function checkTogether(values: Values, mistake: Mistake): void {
  const given: string[] = needed.filter((name) => values[name] !== undefined);
  // Without an issuer these settings have no effect.
  if (values.JWT_PERMISSIONS_CLAIM !== undefined) given.push('JWT_PERMISSIONS_CLAIM');
  if (values.JWT_CREATE_USERS) given.push('JWT_CREATE_USERS');
  for (const name of needed) {
    if (given.length > 0 && values[name] === undefined) mistake(name, `must be set, as ${given[0]} is`);
  }
  for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] as const) {
    if (isTraced(values) && values[name] === 'grpc') {
      mistake(name, 'must be http/json: traces are sent over HTTP, usually to port 4318');
    }
  }
  if (values.PERSISTED_DOCUMENTS !== undefined && values.AUTOMATIC_PERSISTED_QUERIES) {
    mistake('AUTOMATIC_PERSISTED_QUERIES', 'must be off where PERSISTED_DOCUMENTS lists all that may run');
  }
}

/** Whether traces are exported. */
export function isTraced(values: Values): boolean {
  const endpoint = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none';
  return endpoint !== undefined && !isOff;
}
