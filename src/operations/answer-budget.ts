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
  return { spend: createMeter(maxBytes), spendOnReading: createMeter(maxBytes) };
}

function createMeter(maxBytes: number): (bytes: number) => void {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent > maxBytes) throw new AnswerTooLargeError(maxBytes);
  };
}
