import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '../../errors.ts';
import { isTransactionConflict, isUnavailable } from './failures.ts';

/** How often a transaction is tried that has conflicts with others. */
const maxAttempts = 5;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Wraps methods so that they reject with ServiceUnavailableError if the database fails.
 *
 * Each method is one transaction. So after a conflict with another transaction it has changed nothing, and is tried again.
 *
 * @param timeoutMs - how long a method may take, with all statements, waits and attempts; undefined for no limit
 */
export function withAvailability<Methods extends object>(
  methods: Methods,
  timeoutMs: number | undefined,
): Methods {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await within(timeoutMs, (isOver) => attempt(() => (method as Method)(...args), isOver));
      } catch (error) {
        throw isUnavailable(error) || isTransactionConflict(error)
          ? new ServiceUnavailableError(error)
          : error;
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

async function attempt(work: () => Promise<unknown>, isOver: () => boolean): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransactionConflict(error) || attempt === maxAttempts) throw error;
      await sleep(Math.random() * 50 * attempt);
      if (isOver()) throw error;
    }
  }
}

/**
 * Waits for work up to a time limit. Work that runs at the limit goes on, so a write may still happen.
 *
 * @param work - gets a function that tells whether the time is over
 */
async function within<Result>(
  timeoutMs: number | undefined,
  work: (isOver: () => boolean) => Promise<Result>,
): Promise<Result> {
  if (timeoutMs === undefined) return work(() => false);
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isOver = true;
      reject(new ServiceUnavailableError(new Error(`the database did not answer within ${timeoutMs} ms`)));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(() => isOver), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
