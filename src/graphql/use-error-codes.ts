import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { HttpRequestError, httpStatusByCode } from '../errors.ts';
import type { DescribeError } from '../http/describe-error.ts';
import { shorten } from '../telemetry/logger.ts';
import type { AskedRequest } from './exchange.ts';

/**
 * Gives every error of a result its final form, in one place: a code from the catalogue and facts for programs.
 *
 * The HTTP status is that of the gravest error when there is no data at all, and 200 as soon as there is some.
 *
 * @param suggestions - whether GraphQL's own errors may name parts of the schema that were not asked for
 */
export function useErrorCodes(
  describe: DescribeError,
  { suggestions }: { readonly suggestions: boolean },
): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const { id } = (request as unknown as AskedRequest).facts;
      if (Array.isArray(result)) setResult(result.map((single) => withCodes(single, id)));
      else if (isErrorResult(result)) setResult(withCodes(result, id));
    },
  };

  function withCodes<Result>(result: Result, requestId: string): Result {
    if (!isErrorResult(result)) return result;
    const failed = result.data === null || result.data === undefined;
    const errors = result.errors.map((error) => {
      const invalid = readInvalid(error);
      const about = error.path === undefined ? {} : { path: shorten(error.path.join('.')) };
      const { code, message, details, http } = describe(invalid ?? rootError(error), requestId, about);
      return new GraphQLError(suggestions ? message : withoutSuggestions(message), {
        nodes: error.nodes ?? null,
        source: error.source ?? null,
        positions: error.positions ?? null,
        path: error.path ?? null,
        extensions: {
          code,
          ...details,
          ...(failed ? { http: invalid ? { ...http, spec: isAboutDocument(error) } : http } : {}),
        },
      });
    });
    return { ...result, errors };
  }
}

/** GraphQL guesses what was meant, of fields, types, arguments and enum values, in validation as in variables. */
function withoutSuggestions(message: string): string {
  return message.replace(/ Did you mean .*$/s, '');
}

/** A document or a request that is wrong: GraphQL and Yoga say what, and Yoga which status it has. */
function readInvalid(error: GraphQLError): HttpRequestError | undefined {
  if (!(rootError(error) instanceof GraphQLError) || error.extensions.unexpected === true) return undefined;
  const { status = httpStatusByCode.BAD_USER_INPUT, headers } = error.extensions.http ?? {};
  return new HttpRequestError(status, error.message, headers);
}

/**
 * A document that is wrong answers 200 where the specification of GraphQL over HTTP asks for it; a request that holds no
 * document at all was never one of GraphQL's.
 */
function isAboutDocument(error: GraphQLError): boolean {
  return error.source !== undefined || error.nodes !== undefined;
}

function rootError(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

function isErrorResult(result: unknown): result is ExecutionResult & { errors: readonly GraphQLError[] } {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors);
}
