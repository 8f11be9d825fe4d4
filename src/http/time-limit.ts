import type { FastifyInstance } from 'fastify';
import { ServiceUnavailableError } from '../errors.ts';

interface Deadline {
  readonly atMs: number;
  readonly giveUp: () => void;
}

/**
 * Answers 503 for a request that takes longer than the limit, from its head to its answer, the sign-in included. What it
 * began goes on without an answer.
 *
 * One timer serves all requests: a timer for each would cost more than many a request.
 */
export function limitTime(timeoutMs: number): (server: FastifyInstance) => void {
  /** In the order of their times. */
  const deadlines = new Set<Deadline>();
  let timer: NodeJS.Timeout | undefined;

  return (server) => {
    server.addHook('onRequest', ({ raw }, reply, done) => {
      const deadline: Deadline = {
        atMs: performance.now() + timeoutMs,
        giveUp: () => {
          // Node itself answers a request that has not arrived.
          const isLate = !raw.complete && raw.readableLength === 0;
          if (!reply.sent && !isLate) reply.send(tooSlow(timeoutMs));
        },
      };
      deadlines.add(deadline);
      timer ??= setInterval(giveUpOverdue, Math.min(timeoutMs / 10, 1_000)).unref();
      reply.raw.on('close', () => deadlines.delete(deadline));
      done();
    });
    server.addHook('onClose', (_, done) => {
      clearInterval(timer);
      done();
    });
  };

  function giveUpOverdue(): void {
    const nowMs = performance.now();
    for (const deadline of deadlines) {
      if (deadline.atMs > nowMs) break;
      deadlines.delete(deadline);
      deadline.giveUp();
    }
    if (deadlines.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
}

function tooSlow(timeoutMs: number): ServiceUnavailableError {
  return new ServiceUnavailableError(
    undefined,
    `The request took longer than ${timeoutMs} ms (REQUEST_TIMEOUT_MS). A write may still happen: look before you repeat it.`,
  );
}
