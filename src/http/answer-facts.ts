import type { FastifyInstance } from 'fastify';
import { securityHeaders } from './security-headers.ts';

/** Gives every answer the security headers and the id of its request. */
export function answerFacts(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    done();
  });
}
