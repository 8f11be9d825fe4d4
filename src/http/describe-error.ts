import {
  type ErrorCode,
  ForbiddenError,
  GatewayError,
  HttpRequestError,
  httpStatusByCode,
  InvalidTokenError,
  reasonOf,
  ServiceUnavailableError,
  TooManyFailedSignInsError,
} from '../errors.ts';
import { type Logger, shorten, stackOf } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** An error as callers see it, in every API. */
export interface DescribedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** Facts for programs; `requestId` is always among them. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly http: { readonly status: number; readonly headers?: Record<string, string> };
}

/** @param about - facts for the log alone */
export type DescribeError = (
  error: unknown,
  requestId: string,
  about?: Readonly<Record<string, unknown>>,
) => DescribedError;

/** Counts every error, logs what an operator wants to know of it, and masks what is unexpected. */
export function createErrorDescriber(log: Logger, metrics: Metrics): DescribeError {
  const logOutage = createOutageLog(log);

  return (error, requestId, about = {}) => {
    if (error instanceof GatewayError) {
      const { code } = error;
      const message = cut(error.message);
      const details =
        'argument' in error.details
          ? { ...error.details, argument: cut(error.details.argument) }
          : error.details;
      metrics.errors.count(code);
      if (error instanceof ForbiddenError) {
        metrics.refusals.count(error.kind);
        log.debug({ event: 'refused', requestId, ...about, ...details });
      } else if (error instanceof InvalidTokenError) {
        metrics.failedSignIns.count('');
        log.debug({ event: 'sign-in-failed', requestId, ...about });
      } else if (error instanceof ServiceUnavailableError) {
        logOutage({ requestId, ...about, reason: shorten(reasonOf(error)) });
      }
      return { code, message, details: { ...details, requestId }, http: httpOf(error) };
    }
    const code = 'INTERNAL_SERVER_ERROR';
    metrics.errors.count(code);
    log.error({ event: 'internal-error', requestId, ...about, error: stackOf(error) });
    const message = 'Something went wrong on our side.';
    return { code, message, details: { requestId }, http: { status: httpStatusByCode[code] } };
  };
}

/** Characters of a caller's value that a message repeats, at most. */
const maxMessageLength = 2_000;

function cut<Value>(value: Value): Value | string {
  const isLong = typeof value === 'string' && value.length > maxMessageLength;
  return isLong ? `${value.slice(0, maxMessageLength)}…`.toWellFormed() : value;
}

function httpOf(error: GatewayError): DescribedError['http'] {
  if (error instanceof HttpRequestError) return { status: error.status, headers: { ...error.headers } };
  if (error instanceof TooManyFailedSignInsError) {
    return { status: 429, headers: { 'retry-after': String(error.retryAfterSeconds) } };
  }
  const status = httpStatusByCode[error.code];
  return error.code === 'UNAUTHENTICATED'
    ? { status, headers: { 'www-authenticate': 'Bearer' } }
    : { status };
}

const outageLogIntervalMs = 10_000;

/** An outage fails every request: one line per interval is logged, with the number of failures. */
function createOutageLog(log: Logger) {
  let nextAtMs = 0;
  let omitted = 0;
  return (facts: Readonly<Record<string, unknown>>) => {
    if (performance.now() < nextAtMs) {
      omitted += 1;
      return;
    }
    log.warn({ event: 'unavailable', ...facts, ...(omitted > 0 ? { alikeSinceLast: omitted } : {}) });
    nextAtMs = performance.now() + outageLogIntervalMs;
    omitted = 0;
  };
}
