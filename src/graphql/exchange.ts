import type { FastifyRequest } from 'fastify';
import { BadUserInputError, HttpRequestError } from '../errors.ts';
import { decodeBody } from '../http/read-body.ts';
import { factsOf, type RequestFacts } from '../http/request-facts.ts';
import { isJsonObject } from '../scripts/metadata-path.ts';

/**
 * What Yoga reads of a request. It is as much of the fetch API's `Request` as Yoga needs: the whole of it would cost more
 * than all else of a request.
 */
export class AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly facts: RequestFacts;
  /** An error that a step before GraphQL met: it is the answer. */
  readonly failure: unknown;
  /** How many bytes the body has; 0 without one. */
  readonly bodyBytes: number;
  readonly #body: Uint8Array;

  constructor(request: FastifyRequest, failure?: unknown) {
    this.method = request.method === 'HEAD' ? 'GET' : request.method;
    this.url = request.originalUrl;
    this.facts = factsOf(request);
    this.failure = failure;
    this.#body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    this.bodyBytes = this.#body.byteLength;
    const { headers } = request;
    this.headers = {
      get: (name) => {
        const value = headers[name];
        return value === undefined ? null : String(value);
      },
    };
  }

  /** @throws HttpRequestError (400) for a body that is no JSON in UTF-8, or holds what is no parameter of GraphQL */
  json(): unknown {
    const body = parse(decodeBody(this.#body));
    // Yoga takes an object with both for an answer of its own.
    if (isJsonObject(body) && 'status' in body && 'headers' in body) {
      throw new HttpRequestError(400, 'Unexpected parameter "status" in the request body.');
    }
    return body;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadUserInputError('body', text.trim() === '' ? 'it is empty.' : `it is not JSON: ${reason}`);
  }
}

/** What Yoga answers: as much of the fetch API's `Response` as it makes use of. */
export class Answer {
  readonly body: string | ReadableStream<Uint8Array> | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    body: string | ReadableStream<Uint8Array> | null,
    init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    this.body = body;
    this.status = init.status ?? 200;
    this.headers = init.headers ?? {};
  }
}
