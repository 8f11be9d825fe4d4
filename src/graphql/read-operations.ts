import { badBody, graphqlRequestErrors } from '../errors.ts';
import { parseBody } from '../http/read-body.ts';
import { isJsonObject } from '../json/json-object.ts';
import type { AskedRequest } from './exchange.ts';
import type { SentParameters } from './operation-parameters.ts';

/**
 * Reads the operations of a request: a JSON object in the body is one, an array holds several, and a GET has one in its
 * address. `checkParameters` checks each.
 *
 * @param maxOperations - 1 allows no arrays
 * @throws HttpRequestError, BadUserInputError (400) for what cannot be read
 */
export function readOperations(
  { method, url, body }: AskedRequest,
  maxOperations: number,
): SentParameters | readonly SentParameters[] {
  if (method === 'GET') return readAddress(new URLSearchParams(url.replace(/^[^?]*/, '')));
  const sent = parseObjectOrArray(body);
  return Array.isArray(sent) ? readList(sent, maxOperations) : sent;
}

function readAddress(parameters: URLSearchParams): SentParameters {
  const text = (name: string) => parameters.get(name) || undefined;
  const json = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : parseParameter(value);
  };
  return {
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
    documentId: text('documentId'),
  };
}

function parseParameter(text: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw graphqlRequestErrors.parameterNotJson(error);
  }
}

function parseObjectOrArray(body: Uint8Array): object {
  const sent = parseBody(body);
  if (typeof sent === 'object' && sent !== null) return sent;
  throw badBody.notAnObject(sent);
}

function readList(operations: readonly unknown[], maxOperations: number): readonly SentParameters[] {
  if (maxOperations === 1) throw graphqlRequestErrors.arraysOff();
  if (operations.length === 0 || operations.length > maxOperations) {
    throw graphqlRequestErrors.wrongArrayLength(maxOperations, operations.length);
  }
  const odd = operations.findIndex((operation) => !isJsonObject(operation));
  if (odd !== -1) throw graphqlRequestErrors.elementNotAnObject(odd);
  return operations as readonly SentParameters[];
}
