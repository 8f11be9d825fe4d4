import type { FastifyRequest } from 'fastify';

/**
 * A request of GraphQL, as far as Yoga and its plug-ins look at it: it is as much of the fetch API's `Request` as they
 * read. The whole of it would cost more than all else of a request.
 */
export class AskedRequest {
  readonly method: string;
  /** The path and query as they came. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly id: string;
  readonly body: Uint8Array;

  constructor(request: FastifyRequest) {
    this.method = request.method === 'HEAD' ? 'GET' : request.method;
    this.url = request.originalUrl;
    this.id = request.id;
    this.body = request.body instanceof Uint8Array ? request.body : nothing;
    const { headers } = request;
    this.headers = { get: (name) => headers[name]?.toString() ?? null };
  }
}

const nothing = new Uint8Array();

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array>;
}
