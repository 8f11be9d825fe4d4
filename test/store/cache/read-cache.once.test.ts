import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCurrentCache, createReadCache, textBytes } from '../../../src/store/cache/read-cache.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A currentCache that has a cache of the version that is set, after the database has been calm. */
function createCalm(initial: unknown, maxBytes = 10_000) {
  let version = initial;
  const readVersion = vi.fn(() => version);
  const currentCache = createCurrentCache(readVersion, maxBytes);
  const calmDown = () => {
    currentCache();
    vi.advanceTimersByTime(100);
    currentCache();
  };
  calmDown();
  return { currentCache, readVersion, calmDown, change: (next: unknown) => (version = next) };
}

describe('what was read is current', () => {
  it('as long as the version stays', () => {
    const { currentCache } = createCalm(1);
    const { cache, isCurrent } = currentCache();
    expect(isCurrent).toBe(true);
    cache?.set('a', 'b', 'value', 5);
    expect(currentCache().cache?.get('a', 'b')).toBe('value');
    expect(currentCache().isCurrent).toBe(true);
  });

  it('no more after a change, though what was read before may still be added to it', () => {
    const { currentCache, change, calmDown } = createCalm(1);
    const before = currentCache();
    change(2);
    expect(currentCache().isCurrent).toBe(false);
    calmDown();
    before.cache?.set('a', 'b', 'old', 3);
    const after = currentCache();
    expect(after.isCurrent).toBe(true);
    expect(after.cache?.get('a', 'b')).toBeUndefined();
  });

  it.each([
    ['cannot be told', () => undefined],
    ['cannot be told right now', () => Promise.resolve(undefined)],
    ['fails to be told', () => Promise.reject(new Error('down'))],
  ])('no more when the version %s', async (_, version) => {
    const { currentCache, change } = createCalm(1);
    change(version());
    expect(await currentCache().isCurrent).toBe(false);
    expect(currentCache().cache).toBeUndefined();
  });

  it('no more when the version throws', () => {
    const { currentCache, readVersion } = createCalm(1);
    readVersion.mockImplementationOnce(() => {
      throw new Error('busy');
    });
    expect(currentCache().isCurrent).toBe(false);
  });

  it('by the version that it was read at, whatever other answers come meanwhile', async () => {
    const { currentCache, change } = createCalm(1);
    let answer: (version: number) => void = () => {};
    change(new Promise((resolve) => (answer = resolve)));
    const early = currentCache();
    change(Promise.resolve(2));
    const late = currentCache();
    expect(await late.isCurrent).toBe(false);
    answer(1);
    expect(await early.isCurrent).toBe(true);
    // Of the later version there is no cache that anything of the earlier one was put into.
    vi.advanceTimersByTime(100);
    for (let time = 0; time < 3; time += 1) {
      const { cache, isCurrent } = currentCache();
      expect(cache).not.toBe(early.cache);
      await isCurrent;
      vi.advanceTimersByTime(100);
    }
  });
});

it('nothing is asked of a database that somebody writes to all the time, nor where nothing shall be kept', () => {
  const { currentCache, readVersion, change } = createCalm(1);
  change(2);
  currentCache();
  readVersion.mockClear();
  for (let time = 0; time < 10; time += 1)
    expect(currentCache()).toEqual({ cache: undefined, isCurrent: false });
  expect(readVersion).not.toHaveBeenCalled();

  const unkept = createCalm(1, 0);
  expect(unkept.currentCache()).toEqual({ cache: undefined, isCurrent: false });
  expect(unkept.readVersion).not.toHaveBeenCalled();
});

describe('a read cache', () => {
  const maxBytes = 100_000;

  it('never takes more than it may, keys included, whatever is kept in it', () => {
    const cache = createReadCache(maxBytes);
    for (let number = 0; number < 2_000; number += 1) {
      const key = `${number} ${(number % 2 ? 'k' : 'é').repeat(number % 1_500)}`;
      const value = 'v'.repeat((number * 37) % 40_000);
      cache.set('texts', key, value, textBytes(value));
      expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
    }
    expect(cache.bytes).toBeGreaterThan(maxBytes / 2);
  });

  it('counts keys: as many values with long ones take more', () => {
    const [short, long] = [createReadCache(maxBytes), createReadCache(maxBytes)];
    for (let number = 0; number < 20; number += 1) {
      short.set('counts', `${number}`, number, 0);
      long.set('counts', `${number} ${'é'.repeat(500)}`, number, 0);
    }
    expect(long.bytes - short.bytes).toBeGreaterThanOrEqual(20 * 2 * 500);
  });

  it('forgets what was not used for longest', () => {
    const cache = createReadCache(maxBytes);
    cache.set('texts', 'used', 'value', 5);
    cache.set('texts', 'unused', 'value', 5);
    for (let number = 0; number < 200; number += 1) {
      cache.set('texts', `${number}`, 'value', 1_000);
      cache.get('texts', 'used');
    }
    expect([cache.get('texts', 'used'), cache.get('texts', 'unused')]).toEqual(['value', undefined]);
  });

  it('keeps nothing under a long key, nor what would take most of it', () => {
    const cache = createReadCache(maxBytes);
    cache.set('lists', 'k'.repeat(2_000), 'value', 5);
    cache.set('lists', 'key', 'value', maxBytes / 2);
    expect(cache.bytes).toBe(0);
  });
});
