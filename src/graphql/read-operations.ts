import { BadUserInputError, HttpRequestError } from '../errors.ts';
import { decodeBody } from '../http/read-body.ts';
import { isJsonObject } from '../json/json-object.ts';
import type { AskedRequest } from './exchange.ts';
import type { SentParameters } from './operation-parameters.ts';

/**
 * The operations that a request carries: one as a JSON object in its body, several as an array, or one in the address of a
 * GET. Whether an object is one is for Yoga to say.
 *
 * @param maxOperations - 1 takes no arrays at all
 * @throws HttpRequestError, BadUserInputError (400) for what cannot be read
 */
export function readOperations(
  { method, url, body }: AskedRequest,
  maxOperations: number,
): SentParameters | readonly SentParameters[] {
  if (method === 'GET') return readAddress(new URLSearchParams(url.replace(/^[^?]*/, '')));
  const sent = parseBody(body);
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
    const message = `In an address "variables" and "extensions" must be JSON: ${messageOf(error)}`;
    throw new HttpRequestError(400, message);
  }
}

function parseBody(body: Uint8Array): object {
  const text = decodeBody(body);
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch (error) {
    const isEmpty = text.trim() === '';
    throw new BadUserInputError(
      'body',
      isEmpty ? 'it is empty; a JSON object is expected.' : `it is not JSON: ${messageOf(error)}`,
    );
  }
  if (typeof sent === 'object' && sent !== null) return sent;
  throw new BadUserInputError(
    'body',
    `it must be a JSON object, not ${sent === null ? 'null' : `a ${typeof sent}`}.`,
  );
}

function readList(operations: readonly unknown[], maxOperations: number): readonly SentParameters[] {
  if (maxOperations === 1) {
    throw new HttpRequestError(
      400,
      'Send one operation, as an object: this server takes no arrays of operations (MAX_OPERATIONS).',
    );
  }
  if (operations.length === 0 || operations.length > maxOperations) {
    throw new HttpRequestError(
      400,
      `An array must hold 1 to ${maxOperations} operations (MAX_OPERATIONS), not ${operations.length}.`,
    );
  }
  const odd = operations.findIndex((operation) => !isJsonObject(operation));
  if (odd !== -1) throw new HttpRequestError(400, `Element ${odd} of the array is no object.`);
  return operations as readonly SentParameters[];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
