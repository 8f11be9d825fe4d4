import type { FastifyInstance } from 'fastify';
import { faceOf } from './request-facts.ts';
import { isBelowRest } from './request-target.ts';

/** Adds `accept` to the `vary` header of every REST answer. */
export function varyByAccept(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (faceOf(request) === 'rest' || isBelowRest(request.originalUrl)) {
      const vary = reply.getHeader('vary');
      reply.header('vary', vary === undefined ? 'accept' : `${vary}, accept`);
    }
    done();
  });
}
