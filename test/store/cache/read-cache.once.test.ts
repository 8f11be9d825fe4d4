import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecall, Memory, textBytes } from '../../../src/store/cache/read-cache.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A recall that has a memory of the version that is set, after the database has been calm. */
function createCalm(initial: unknown, maxBytes = 10_000) {
  let version = initial;
  const readVersion = vi.fn(() => version);
  const recall = createRecall(readVersion, maxBytes);
  const calmDown = () => {
    recall();
    vi.advanceTimersByTime(100);
    recall();
  };
  calmDown();
  return { recall, readVersion, calmDown, change: (next: unknown) => (version = next) };
}

describe('what was read is current', () => {
  it('as long as the version stays', () => {
    const { recall } = createCalm(1);
    const { memory, isCurrent } = recall();
    expect(isCurrent).toBe(true);
    memory?.keep('a', 'b', 'value', 5);
    expect(recall().memory?.get('a', 'b')).toBe('value');
    expect(recall().isCurrent).toBe(true);
  });

  it('no more after a change, though what was read before may still be added to it', () => {
    const { recall, change, calmDown } = createCalm(1);
    const before = recall();
    change(2);
    expect(recall().isCurrent).toBe(false);
    calmDown();
    before.memory?.keep('a', 'b', 'old', 3);
    const after = recall();
    expect(after.isCurrent).toBe(true);
    expect(after.memory?.get('a', 'b')).toBeUndefined();
  });

  it.each([
    ['cannot be told', () => undefined],
    ['cannot be told right now', () => Promise.resolve(undefined)],
    ['fails to be told', () => Promise.reject(new Error('down'))],
  ])('no more when the version %s', async (_, version) => {
    const { recall, change } = createCalm(1);
    change(version());
    expect(await recall().isCurrent).toBe(false);
    expect(recall().memory).toBeUndefined();
  });

  it('no more when the version throws', () => {
    const { recall, readVersion } = createCalm(1);
    readVersion.mockImplementationOnce(() => {
      throw new Error('busy');
    });
    expect(recall().isCurrent).toBe(false);
  });

  it('by the version that it was read at, whatever other answers come meanwhile', async () => {
    const { recall, change } = createCalm(1);
    let answer: (version: number) => void = () => {};
    change(new Promise((resolve) => (answer = resolve)));
    const early = recall();
    change(Promise.resolve(2));
    const late = recall();
    expect(await late.isCurrent).toBe(false);
    answer(1);
    expect(await early.isCurrent).toBe(true);
    // Of the later version there is no memory that anything of the earlier one was put into.
    vi.advanceTimersByTime(100);
    for (let time = 0; time < 3; time += 1) {
      const { memory, isCurrent } = recall();
      expect(memory).not.toBe(early.memory);
      await isCurrent;
      vi.advanceTimersByTime(100);
    }
  });
});

it('nothing is asked of a database that somebody writes to all the time, nor where nothing shall be kept', () => {
  const { recall, readVersion, change } = createCalm(1);
  change(2);
  recall();
  readVersion.mockClear();
  for (let time = 0; time < 10; time += 1) expect(recall()).toEqual({ memory: undefined, isCurrent: false });
  expect(readVersion).not.toHaveBeenCalled();

  const unkept = createCalm(1, 0);
  expect(unkept.recall()).toEqual({ memory: undefined, isCurrent: false });
  expect(unkept.readVersion).not.toHaveBeenCalled();
});

describe('a memory', () => {
  const maxBytes = 100_000;

  it('never takes more than it may, keys included, whatever is kept in it', () => {
    const memory = new Memory(maxBytes);
    for (let number = 0; number < 2_000; number += 1) {
      const key = `${number} ${(number % 2 ? 'k' : 'é').repeat(number % 1_500)}`;
      const value = 'v'.repeat((number * 37) % 40_000);
      memory.keep('texts', key, value, textBytes(value));
      expect(memory.bytes).toBeLessThanOrEqual(maxBytes);
    }
    expect(memory.bytes).toBeGreaterThan(maxBytes / 2);
  });

  it('counts keys: as many values with long ones take more', () => {
    const [short, long] = [new Memory(maxBytes), new Memory(maxBytes)];
    for (let number = 0; number < 20; number += 1) {
      short.keep('counts', `${number}`, number, 0);
      long.keep('counts', `${number} ${'é'.repeat(500)}`, number, 0);
    }
    expect(long.bytes - short.bytes).toBeGreaterThanOrEqual(20 * 2 * 500);
  });

  it('forgets what was not used for longest', () => {
    const memory = new Memory(maxBytes);
    memory.keep('texts', 'used', 'value', 5);
    memory.keep('texts', 'unused', 'value', 5);
    for (let number = 0; number < 200; number += 1) {
      memory.keep('texts', `${number}`, 'value', 1_000);
      memory.get('texts', 'used');
    }
    expect([memory.get('texts', 'used'), memory.get('texts', 'unused')]).toEqual(['value', undefined]);
  });

  it('keeps nothing under a long key, nor what would take most of it', () => {
    const memory = new Memory(maxBytes);
    memory.keep('lists', 'k'.repeat(2_000), 'value', 5);
    memory.keep('lists', 'key', 'value', maxBytes / 2);
    expect(memory.bytes).toBe(0);
  });
});
