import { ServiceUnavailableError } from '../errors.ts';

/** Waits for work no longer than the limit. @throws ServiceUnavailableError when it takes longer; it goes on unheard */
export type TimeLimit = <Result>(work: PromiseLike<Result>) => Promise<Result>;

/**
 * Creates a limit to how long a request may take. One timer serves all requests: a timer for each would cost more than
 * many a request.
 */
export function createTimeLimit(timeoutMs: number): TimeLimit {
  /** In the order of their deadlines. */
  const waiting = new Set<{ readonly deadline: number; readonly giveUp: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const giveUpOverdue = () => {
    const now = performance.now();
    for (const entry of waiting) {
      if (entry.deadline > now) break;
      waiting.delete(entry);
      entry.giveUp();
    }
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return (work) =>
    new Promise((resolve, reject) => {
      const entry = {
        deadline: performance.now() + timeoutMs,
        giveUp: () => reject(tooSlow(timeoutMs)),
      };
      waiting.add(entry);
      timer ??= setInterval(giveUpOverdue, Math.min(timeoutMs / 4, 1_000)).unref();
      work.then(
        (result) => {
          waiting.delete(entry);
          resolve(result);
        },
        (error) => {
          waiting.delete(entry);
          reject(error);
        },
      );
    });
}

function tooSlow(timeoutMs: number): ServiceUnavailableError {
  return new ServiceUnavailableError(
    undefined,
    `The request took longer than ${timeoutMs} ms (REQUEST_TIMEOUT_MS). A write may still happen: look before you repeat it.`,
  );
}
