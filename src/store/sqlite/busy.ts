import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './driver-errors.ts';

/**
 * Runs work, and runs it again while another connection holds a lock.
 *
 * The busy handler of SQLite would block the event loop. This does not.
 *
 * @param work - must leave nothing behind when it throws a busy error
 * @param timeoutMs - how long to try; 0 for one attempt
 * @throws the last busy error after the time limit; any other error at once
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
 * Random, so that processes that met once do not meet again. Short, because SQLite has no queue: a process that tries
 * rarely gets the lock rarely.
 */
export async function backOff(attempt: number): Promise<void> {
  const ceilingMs = Math.min(20, 2 ** (attempt + 1));
  await sleep(1 + Math.random() * (ceilingMs - 1));
}
