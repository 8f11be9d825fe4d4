import DataLoader from 'dataloader';
import type { Database } from '../sql/database.ts';

export interface SharedReadOptions<Key, Value> {
  /** The same for keys that ask for the same, which are read once; without it, no two do. */
  readonly keyOf?: (key: Key) => string;
  /** Begins to read what keys ask for, which were all given before; position for position. */
  readonly read: (keys: readonly Key[]) => readonly Promise<Value>[];
  /** Whether to wait until every request that has arrived is heard, rather than for those that are being worked on. */
  readonly waitsForTurn?: boolean;
}

/**
 * Creates a read that is begun together for all who ask at a time, whosever requests they are. Nobody is answered by a
 * read that began before they asked, and nobody waits for what only others have asked for.
 */
export function shareReads<Key, Value>({
  keyOf,
  read,
  waitsForTurn = false,
}: SharedReadOptions<Key, Value>): (key: Key) => Promise<Value> {
  // In an object, for a promise alone would be waited for along with the others.
  const loader = new DataLoader<Key, { readonly value: Promise<Value> }, string>(
    async (keys) => {
      // Whoever asks from now on is in the next batch.
      loader.clearAll();
      return read(keys).map((value) => ({ value }));
    },
    {
      ...(keyOf === undefined ? { cache: false } : { cacheKeyFn: keyOf }),
      ...(waitsForTurn ? { batchScheduleFn: setImmediate } : {}),
    },
  );
  return async (key) => (await loader.load(key)).value;
}

export interface KeptReadOptions<Key, Value> extends Pick<SharedReadOptions<Key, Value>, 'waitsForTurn'> {
  /** In which group of the database's memory values are kept. */
  readonly group: string;
  readonly keyOf: (key: Key) => string;
  readonly read: (key: Key) => Promise<Value>;
  /** How many bytes a value takes in memory. */
  readonly bytesOf: (value: NonNullable<Value>) => number;
  /** Whether a value that was kept still answers a key, though the database has not changed. */
  readonly isValid?: (value: Value, key: Key) => boolean;
}

/** Creates a shared read of what the database's memory keeps. `null` is not kept: of what is not there, there is no end. */
export function keepReads<Key, Value>(
  database: Pick<Database, 'recall'>,
  { group, keyOf, read, bytesOf, isValid = () => true, ...options }: KeptReadOptions<Key, Value>,
): (key: Key) => Promise<Value> {
  return shareReads({
    ...options,
    keyOf,
    read: (keys) => {
      const { memory, isCurrent } = database.recall();
      return keys.map(async (key) => {
        const name = keyOf(key);
        const kept = memory?.get<Value>(group, name);
        if (kept !== undefined && isValid(kept, key) && (await isCurrent)) return kept;
        const value = await read(key);
        if (memory && value !== null && value !== undefined && (await isCurrent)) {
          memory.keep(group, name, value, bytesOf(value));
        }
        return value;
      });
    },
  });
}
