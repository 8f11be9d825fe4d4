import type { FastifyInstance } from 'fastify';
import { ServiceUnavailableError } from '../errors.ts';

interface Deadline {
  readonly atMs: number;
  readonly giveUp: () => void;
  /** Its place in the list. */
  index: number;
}

/**
 * Answers 503 when a request takes longer than the limit, from its head to its answer, sign-in included. Its work goes on,
 * without an answer.
 *
 * One timer serves all requests: a timer for each costs too much.
 */
export function limitTime(timeoutMs: number): (server: FastifyInstance) => void {
  /**
   * The requests under way, in no order. Not a Set: V8 chains the tables that a busy Set replaces. Once one of them is in
   * the old generation, it keeps all later ones, and their requests, alive until the next full collection.
   */
  const deadlines: Deadline[] = [];
  let timer: NodeJS.Timeout | undefined;

  return (server) => {
    server.addHook('onRequest', ({ raw }, reply, done) => {
      const deadline: Deadline = {
        atMs: performance.now() + timeoutMs,
        giveUp: () => {
          // Node itself answers a request that has not arrived completely.
          const isLate = !raw.complete && raw.readableLength === 0;
          if (!reply.sent && !isLate) reply.send(tooSlow(timeoutMs));
        },
        index: deadlines.length,
      };
      deadlines.push(deadline);
      timer ??= setInterval(giveUpOverdue, Math.min(timeoutMs / 10, 1_000)).unref();
      reply.raw.on('close', () => remove(deadline));
      done();
    });
    server.addHook('onClose', (_, done) => {
      clearInterval(timer);
      done();
    });
  };

  /** Puts the last one in its place. */
  function remove(deadline: Deadline): void {
    const last = deadlines.pop();
    if (last === undefined || last === deadline) return;
    last.index = deadline.index;
    deadlines[last.index] = last;
  }

  function giveUpOverdue(): void {
    const nowMs = performance.now();
    for (const { atMs, giveUp } of [...deadlines]) if (atMs <= nowMs) giveUp();
    if (deadlines.length > 0) return;
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
