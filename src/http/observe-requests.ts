import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, rounded, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { type Face, faceOf } from './request-facts.ts';
import { isBelowRest, pathOf } from './request-target.ts';

export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

/** Counts and times every request, traces those to the API, and logs all at the level `debug`. */
export function observeRequests({ log, metrics, tracing }: Telemetry): (server: FastifyInstance) => void {
  const isLogged = log.isLevelEnabled('debug');
  return (server) => {
    server.addHook('onRequest', (request, reply, done) => {
      const face = observedFace(request);
      observe(request, reply, face);
      if (tracing === undefined || face === 'page') done();
      else tracing.request(request, reply.raw, face === 'graphql' ? '/graphql' : '/dtrace', done);
    });
  };

  function observe(request: FastifyRequest, reply: FastifyReply, face: Face): void {
    const beganAtMs = performance.now();
    const { raw: response } = reply;
    // Emitted after every answer, and when the client hangs up first.
    response.on('close', () => {
      const { method } = request;
      const durationMs = performance.now() - beganAtMs;
      const status = response.writableFinished ? response.statusCode : 'aborted';
      const key = `${face === 'page' ? 'other' : face} ${methods.has(method) ? method : 'other'} ${status}`;
      metrics.requests.of(key).observe(durationMs / 1000);
      if (!isLogged) return;
      const path = shorten(pathOf(request.originalUrl) || '/');
      log.debug({
        event: 'request',
        requestId: request.id,
        method,
        path,
        status,
        durationMs: rounded(durationMs),
      });
    });
  }
}

/** Other methods are counted as `other`: there are dozens, and the gateway answers none of them. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

/** Decided by the address, so that a 404 below an API counts there. */
function observedFace(request: FastifyRequest): Face {
  if (faceOf(request) === 'graphql') return 'graphql';
  return isBelowRest(request.originalUrl) ? 'rest' : 'page';
}
