import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { httpStatusByCode } from '../errors.ts';
import type { DescribeError } from './describe-error.ts';

/**
 * Gives every error of a result its final form, in one place: a code from the catalogue and facts for programs.
 *
 * The HTTP status is that of the gravest error when there is no data at all, and 200 as soon as there is some.
 */
export function useErrorCodes(describe: DescribeError): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (!isErrorResult(result)) return;
      const failed = result.data === null || result.data === undefined;
      const errors = result.errors.map((error) => {
        const { code, message, details, http } =
          describeInvalid(error) ?? describe(originOf(error), request, { path: error.path });
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

/** A document or a request that is wrong: GraphQL and Yoga say what, and Yoga which status it has. */
function describeInvalid(error: GraphQLError) {
  if (!(originOf(error) instanceof GraphQLError) || error.extensions.unexpected === true) return undefined;
  const code = 'BAD_USER_INPUT';
  // A document that is wrong answers 200 where the specification of GraphQL over HTTP asks for it; a request that holds
  // no document at all was never one of GraphQL's.
  const spec = error.source !== undefined || error.nodes !== undefined;
  const http = { status: httpStatusByCode[code], ...error.extensions.http, spec };
  return { code, message: error.message, details: {}, http };
}

function originOf(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

function isErrorResult(result: unknown): result is ExecutionResult & { errors: readonly GraphQLError[] } {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors);
}
