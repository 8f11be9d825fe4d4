import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './driver-errors.ts';

/**
 * Does work, and does it again while another connection is in the way.
 *
 * SQLite's own busy handler would sleep on the event loop's thread; this waits beside it.
 *
 * @param work - must leave nothing behind when it throws a busy error
 * @param timeoutMs - how long to insist; 0 tries once
 * @throws the last busy error once the time is over, any other error at once
 */
export async function retryWhileBusy<T>(work: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) {
        throw error;
      }
    }
    await backOff(attempt);
  }
}

/**
 * Waits a random while before the next attempt: 1 to 2 ms at first, at most 20.
 *
 * Random, so that processes that met once do not meet again; capped, because SQLite has no queue of its own
 * and who looks seldom gets the lock seldom.
 */
export async function backOff(attempt: number): Promise<void> {
  const ceilingMs = Math.min(20, 2 ** (attempt + 1));
  await sleep(1 + Math.random() * (ceilingMs - 1));
}
