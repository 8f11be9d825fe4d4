import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { HttpRequestError, httpStatusByCode } from '../errors.ts';
import type { DescribeError } from '../http/describe-error.ts';
import { shorten } from '../telemetry/logger.ts';

/** A result as it is answered. */
export interface DescribedResult {
  readonly body: { readonly data?: unknown; readonly errors?: readonly GraphQLFormattedError[] };
  /** The HTTP status and headers of the errors, when there is no data. */
  readonly failures: readonly Failure[];
}

interface Failure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the document is wrong, rather than the request or what it asks for. */
  readonly isOfDocument: boolean;
}

export type DescribeResult = (result: ExecutionResult, requestId: string) => DescribedResult;

/**
 * Creates the function that gives every error of a result its final form, in one place: a code from the catalogue and facts
 * for programs.
 *
 * @param suggestions - whether GraphQL's own errors may name parts of the schema that were not asked for
 */
export function createResultDescriber(
  describe: DescribeError,
  { suggestions }: { readonly suggestions: boolean },
): DescribeResult {
  return ({ data, errors }, requestId) => {
    if (errors === undefined) return { body: { data }, failures: [] };
    const hasData = data !== null && data !== undefined;
    const failures: Failure[] = [];
    const described = errors.map((error) => {
      const invalid = readInvalid(error);
      const about = error.path === undefined ? {} : { path: shorten(error.path.join('.')) };
      const { code, message, details, http } = describe(invalid ?? rootError(error), requestId, about);
      if (!hasData)
        failures.push({ ...http, headers: http.headers ?? {}, isOfDocument: isOfDocument(error, invalid) });
      const { locations, path } = error;
      return {
        message: suggestions ? message : withoutSuggestions(message),
        ...(locations ? { locations } : {}),
        ...(path ? { path } : {}),
        extensions: { code, ...details },
      };
    });
    return { body: data === undefined ? { errors: described } : { data, errors: described }, failures };
  };
}

/** Turns anything thrown into an error of GraphQL. */
export function toGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** Matches the suggestions ("Did you mean") that GraphQL adds for fields, types, arguments and enum values. */
function withoutSuggestions(message: string): string {
  return message.replace(/ Did you mean .*$/s, '');
}

/** A document or a request that is wrong: GraphQL and Yoga say what, and Yoga which status it has. */
function readInvalid(error: GraphQLError): HttpRequestError | undefined {
  if (!(rootError(error) instanceof GraphQLError)) return undefined;
  const { status = httpStatusByCode.BAD_USER_INPUT, headers } = (error.extensions.http ?? {}) as {
    readonly status?: number;
    readonly headers?: Record<string, string>;
  };
  return new HttpRequestError(status, error.message, headers);
}

/** A request without a document. */
function isOfDocument(error: GraphQLError, invalid: HttpRequestError | undefined): boolean {
  return invalid !== undefined && (error.source !== undefined || error.nodes !== undefined);
}

function rootError(error: GraphQLError): unknown {
  let root: unknown = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}
