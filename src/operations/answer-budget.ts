import { AnswerTooLargeError } from '../errors.ts';
import type { ReadBudget } from '../store/store.ts';

/**
 * How many bytes one request may still read, and how many it may answer. Both have the same limit but are counted
 * separately: a value that is read once may be answered many times.
 */
export interface AnswerBudget extends ReadBudget {
  /** Counts bytes of the answer. @throws AnswerTooLargeError beyond the limit, and at every later call */
  spend(bytes: number): void;
}

/** @param maxBytes - `MAX_RESPONSE_BYTES` */
export function createAnswerBudget(maxBytes: number): AnswerBudget {
  const [answered, read] = [createMeter(maxBytes), createMeter(maxBytes)];
  return { spend: answered.spend, spendOnReading: read.spend, checkReading: read.check };
}

function createMeter(maxBytes: number) {
  let spent = 0;
  const check = (bytes: number) => {
    if (spent + bytes > maxBytes) throw new AnswerTooLargeError(maxBytes);
  };
  const spend = (bytes: number) => {
    spent += bytes;
    check(0);
  };
  return { check, spend };
}
