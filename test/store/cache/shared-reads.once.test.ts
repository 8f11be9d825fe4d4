import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createReadCache } from '../../../src/store/cache/read-cache.ts';
import { cacheReads, shareReads } from '../../../src/store/cache/shared-reads.ts';

describe('reads that are asked for at one time', () => {
  it('begin together, each different one once', async () => {
    const begun: (readonly string[])[] = [];
    const read = shareReads<string, string>({
      keyOf: (key) => key,
      read: (keys) => {
        begun.push(keys);
        return keys.map(async (key) => key.toUpperCase());
      },
    });
    expect(await Promise.all(['a', 'b', 'a'].map(read))).toEqual(['A', 'B', 'A']);
    expect(begun).toEqual([['a', 'b']]);
  });

  it('are not answered by one that has begun before', async () => {
    let value = 1;
    const answers: (() => void)[] = [];
    const read = shareReads<string, number>({
      keyOf: (key) => key,
      read: (keys) =>
        keys.map(() => {
          const seen = value;
          return new Promise((resolve) => answers.push(() => resolve(seen)));
        }),
    });
    const early = read('a');
    await nextTurn();
    value = 2;
    const late = read('a');
    await nextTurn();
    for (const answer of answers) answer();
    expect(await Promise.all([early, late])).toEqual([1, 2]);
  });

  it('do not wait for each other, and fail by themselves', async () => {
    const read = shareReads<string, string>({
      keyOf: (key) => key,
      read: (keys) =>
        keys.map((key) => {
          if (key === 'slow') return new Promise(() => {});
          return key === 'bad' ? Promise.reject(new Error('bad')) : Promise.resolve(key);
        }),
    });
    void read('slow');
    const [good, bad] = await Promise.allSettled([read('good'), read('bad')]);
    expect(good).toMatchObject({ value: 'good' });
    expect(bad).toMatchObject({ reason: new Error('bad') });
  });
});

describe('reads that are kept', () => {
  /** A database whose cache is another one after `change`. */
  function createReads(maxBytes = 10_000) {
    let cache = createReadCache(maxBytes);
    let count = 0;
    const read = cacheReads<string, string | null>(
      { currentCache: () => ({ cache, isCurrent: true }) },
      {
        group: 'texts',
        keyOf: (key) => key,
        bytesOf: (value) => value.length,
        isValid: (_, key) => !key.startsWith('volatile'),
        read: async (key) => {
          count += 1;
          const value = key === 'absent' ? null : `${key} ${count}`;
          await nextTurn();
          return value;
        },
      },
    );
    return { read, change: () => (cache = createReadCache(maxBytes)) };
  }

  it('are read again after a change only', async () => {
    const { read, change } = createReads();
    expect([await read('a'), await read('a')]).toEqual(['a 1', 'a 1']);
    change();
    expect([await read('a'), await read('a')]).toEqual(['a 2', 'a 2']);
  });

  it('leave nothing to those after a change that happens meanwhile', async () => {
    const { read, change } = createReads();
    const before = read('a');
    await nextTurn();
    change();
    expect(await before).toBe('a 1');
    expect(await read('a')).toBe('a 2');
  });

  it('are not kept of what is not there, nor given out when they are not valid any more', async () => {
    const { read } = createReads();
    expect([await read('absent'), await read('absent')]).toEqual([null, null]);
    expect([await read('volatile'), await read('volatile')]).toEqual(['volatile 3', 'volatile 4']);
  });

  it('are forgotten when they take too much room, and never kept when they would take most of it', async () => {
    const { read } = createReads(2_000);
    const [first] = [await read('a'), await read('b')];
    for (let number = 0; number < 20; number += 1) await read(`other ${number}`);
    expect(await read('a')).not.toBe(first);
    const large = 'x'.repeat(1_000);
    expect(await read(large)).not.toBe(await read(large));
  });
});
