import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How long a browser may remember the answer to a preflight, in seconds: as long as Chromium ever does. */
const preflightMaxAgeS = 7_200;

/** One text: the plug-in would join a list for every answer. */
const exposedHeaders = 'location, link, retry-after, x-request-id';

/**
 * Lets pages of the listed origins call the API from a browser, `*` for all. They may send any method and header, but no
 * cookies: the gateway uses none. They may read the headers that clients need.
 */
export function allowOrigins(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  server.register(
    cors,
    () => (request: FastifyRequest, callback: (error: Error | null, options: object) => void) => {
      const { origin, 'access-control-request-method': method } = request.headers;
      callback(null, {
        origin: origin !== undefined && isListed(origin, origins) ? origin : false,
        methods: method,
        preflight: method !== undefined,
        exposedHeaders,
        maxAge: preflightMaxAgeS,
      });
    },
  );
}

export function isListed(origin: string, origins: readonly string[]): boolean {
  return origins.includes('*') || origins.includes(origin);
}
