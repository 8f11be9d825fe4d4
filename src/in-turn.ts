/** How long pieces of work may follow each other before everybody else is heard. */
const maxTurnMs = 10;

/**
 * Runs one piece of a long work, such as a window of a scan. The event loop answers everybody, so whoever has much to do
 * does it in pieces of a few milliseconds.
 *
 * A piece runs at once while the turn of the event loop is young. Later ones wait, in the order in which they came, for the
 * next turns: between two turns all that has arrived is heard.
 *
 * @param work - runs in any asynchronous context: what traces see has to be bound to its own
 * @returns what the work returns, or a promise of it when it has to wait
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
  // Whatever follows from these pieces is for the next turn.
  startedAtMs = Number.NEGATIVE_INFINITY;
  setImmediate(beginTurn);
}
