import type { FastifyRequest } from 'fastify';

/**
 * A GraphQL request, with those members of the fetch API's `Request` that Yoga and the plug-ins read. A real `Request`
 * would cost more than everything else.
 */
export class AskedRequest {
  readonly method: string;
  /** The path and query as they were sent. */
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

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array>;
}
