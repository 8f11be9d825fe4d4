import {
  type ErrorCode,
  GatewayError,
  HttpRequestError,
  httpStatusByCode,
  TooManyFailedSignInsError,
} from '../errors.ts';
import type { Logger } from './logger.ts';
import { requestFactsOf } from './settle-headers.ts';

/** An error in the form in which a caller is told, whichever doorway the request came through. */
export interface DescribedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** Facts for programs. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly http: { readonly status: number; readonly headers?: Record<string, string> };
}

/** @param about - facts for the log alone, should the error have to be masked */
export type DescribeError = (
  error: unknown,
  request: Request,
  about?: Readonly<Record<string, unknown>>,
) => DescribedError;

/** Masks what is unexpected, and logs it under the id that the answer carries. */
export function createErrorDescriber(log: Logger): DescribeError {
  return (error, request, about = {}) => {
    if (error instanceof GatewayError) {
      const { code, message, details } = error;
      return { code, message, details, http: httpOf(error) };
    }
    const requestId = requestFactsOf(request).id;
    log({ event: 'internal-error', requestId, ...about, error: stackOf(error) });
    const code = 'INTERNAL_SERVER_ERROR';
    const message = 'Something went wrong on our side.';
    return { code, message, details: { requestId }, http: { status: httpStatusByCode[code] } };
  };
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

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
