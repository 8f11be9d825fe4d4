/** How long pieces of work may run in one turn of the event loop. */
const maxTurnMs = 10;

/**
 * Runs one piece of long work, such as a window of a scan. Long work is split into pieces of a few milliseconds, so that
 * the event loop can handle other requests in between.
 *
 * A piece runs at once if the current turn of the event loop has time left. Otherwise it waits, in order, for a later turn.
 *
 * @param work - may run in another asynchronous context; bind it to its own if traces need it
 * @returns the result of the work, or a promise of it if it must wait
 * @throws what the work throws
 */
export function inTurn<T>(work: () => T): T | Promise<Awaited<T>> {
  if (waiting.length === 0 && !isTurnOver()) return work();
  return new Promise((resolve, reject) => {
    waiting.push(() => {
      try {
        resolve(work() as Awaited<T>);
      } catch (error) {
        reject(error);
      }
    });
  });
}

const waiting: (() => void)[] = [];
let startedAtMs: number | undefined;

function isTurnOver(): boolean {
  if (startedAtMs === undefined) {
    startedAtMs = performance.now();
    setImmediate(beginTurn);
    return false;
  }
  return performance.now() - startedAtMs >= maxTurnMs;
}

function beginTurn(): void {
  startedAtMs = undefined;
  if (waiting.length === 0) return;
  for (const end = performance.now() + maxTurnMs; waiting.length > 0 && performance.now() < end; ) {
    waiting.shift()?.();
  }
  // Work that these pieces start waits for the next turn.
  startedAtMs = Number.NEGATIVE_INFINITY;
  setImmediate(beginTurn);
}
