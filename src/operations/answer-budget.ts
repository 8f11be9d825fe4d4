import { AnswerTooLargeError } from '../errors.ts';
import type { ReadBudget } from '../store/store.ts';

/**
 * How much one request may still read, and answer. Both are counted apart, each up to the limit: a value that is read once
 * may be answered often.
 */
export interface AnswerBudget extends ReadBudget {
  /** Counts bytes that are answered. @throws AnswerTooLargeError beyond the limit, from then on every time */
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
