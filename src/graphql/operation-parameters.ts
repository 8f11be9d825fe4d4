import type { GraphQLParams } from 'graphql-yoga';
import { graphqlRequestErrors } from '../errors.ts';
import { isJsonObject } from '../json/json-object.ts';

/** The parameters of an operation as they were sent, unchecked. */
export interface SentParameters {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  /** The id of a document that is registered. */
  readonly documentId?: unknown;
}

/** Replaces the id or hash of a document by its text. @throws HttpRequestError when it is unknown */
export type FindDocument = (params: SentParameters) => SentParameters;

const names: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);

/** Checks the parameters of GraphQL over HTTP. @throws HttpRequestError (400) naming what is wrong */
export function checkParameters(params: SentParameters): GraphQLParams {
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && !names.has(name)) {
      throw graphqlRequestErrors.unknownParameter(name);
    }
  }
  const { query, operationName, variables, extensions } = params;
  if (query === null || query === undefined) throw graphqlRequestErrors.missingQuery();
  expect('query', query, typeof query === 'string', 'a string');
  expect('operationName', operationName ?? '', typeof (operationName ?? '') === 'string', 'a string');
  expect('variables', variables, isJsonObject(variables ?? {}), 'empty or an object');
  expect('extensions', extensions, isJsonObject(extensions ?? {}), 'empty or an object');
  return params as GraphQLParams;
}

function expect(name: string, value: unknown, isRight: boolean, what: string): void {
  if (!isRight) throw graphqlRequestErrors.wrongParameter(name, what, value);
}
