import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type ErrorCode, GatewayError, httpStatusByCode } from '../errors.ts';
import type { Logger } from './logger.ts';
import { requestIdOf } from './use-request-id.ts';

/**
 * Gives every error of a result its final form, in one place: a code from the catalogue and facts for programs; what
 * is unexpected is masked, and logged under the id that the answer carries.
 *
 * The HTTP status is that of the gravest error when there is no data at all, and 200 as soon as there is some.
 */
export function useErrorCodes(log: Logger): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (!isErrorResult(result)) return;
      const failed = result.data === null || result.data === undefined;
      const errors = result.errors.map((error) => {
        const described = describe(error);
        if (described.code === 'INTERNAL_SERVER_ERROR') {
          const requestId = requestIdOf(request);
          log({ event: 'internal-error', requestId, path: error.path, error: stackOf(error) });
          described.details = { requestId };
        }
        const { code, message, details, http } = described;
        return new GraphQLError(message, {
          nodes: error.nodes ?? null,
          source: error.source ?? null,
          positions: error.positions ?? null,
          path: error.path ?? null,
          extensions: { code, ...details, ...(failed ? { http } : {}) },
        });
      });
      setResult({ ...result, errors });
    },
  };
}

interface Described {
  readonly code: ErrorCode;
  readonly message: string;
  details: Readonly<Record<string, unknown>>;
  readonly http: HttpExtension;
}

type HttpExtension = NonNullable<GraphQLErrorExtensions['http']>;

function describe(error: GraphQLError): Described {
  const origin = originOf(error);
  if (origin instanceof GatewayError) {
    const { code, message, details } = origin;
    return { code, message, details, http: httpOf(code) };
  }
  if (origin instanceof GraphQLError && error.extensions.unexpected !== true) {
    // A document or a request that is wrong: GraphQL and Yoga say what, and Yoga which status it has.
    const http = error.extensions.http ?? { ...httpOf('BAD_USER_INPUT'), spec: true };
    return { code: 'BAD_USER_INPUT', message: error.message, details: {}, http };
  }
  const code = 'INTERNAL_SERVER_ERROR';
  return { code, message: 'Something went wrong on our side.', details: {}, http: httpOf(code) };
}

function httpOf(code: ErrorCode): HttpExtension {
  return {
    status: httpStatusByCode[code],
    ...(code === 'UNAUTHENTICATED' ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
  };
}

function originOf(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

function stackOf(error: GraphQLError): string {
  const origin = originOf(error);
  return origin instanceof Error ? (origin.stack ?? origin.message) : String(origin);
}

function isErrorResult(result: unknown): result is ExecutionResult & { errors: readonly GraphQLError[] } {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors);
}
