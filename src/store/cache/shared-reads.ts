import DataLoader from 'dataloader';
import type { SqlDatabase } from '../sql/database.ts';

export interface SharedReadOptions<Key, Value> {
  /** Keys with the same text are read once. Without it, every key is read. */
  readonly keyOf?: (key: Key) => string;
  /** Starts the reads of one batch; answers position for position. */
  readonly read: (keys: readonly Key[]) => readonly Promise<Value>[];
  /** Collects keys until the next turn of the event loop, which includes requests that have just arrived. */
  readonly waitsForTurn?: boolean;
}

/**
 * Creates a read that requests share. Keys that are asked for at the same time are read as one batch.
 *
 * A request never gets the answer of a read that started before the request. It waits only for its own key.
 */
export function shareReads<Key, Value>({
  keyOf,
  read,
  waitsForTurn = false,
}: SharedReadOptions<Key, Value>): (key: Key) => Promise<Value> {
  // The loader waits for all promises of a batch. The object hides each promise from it.
  const loader = new DataLoader<Key, { readonly value: Promise<Value> }, string>(
    async (keys) => {
      // Later requests start a new batch.
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

export interface CachedReadOptions<Key, Value> extends Pick<SharedReadOptions<Key, Value>, 'waitsForTurn'> {
  /** The group of the read cache. */
  readonly group: string;
  readonly keyOf: (key: Key) => string;
  readonly read: (key: Key) => Promise<Value>;
  /** The memory of a value. */
  readonly bytesOf: (value: NonNullable<Value>) => number;
  /** Whether a cached value still answers the key. For answers that change while the database does not. */
  readonly isValid?: (value: Value, key: Key) => boolean;
}

/** Creates a shared read whose answers are cached. Misses are not cached: there is no bound to them. */
export function cacheReads<Key, Value>(
  database: Pick<SqlDatabase, 'currentCache'>,
  { group, keyOf, read, bytesOf, isValid = () => true, ...options }: CachedReadOptions<Key, Value>,
): (key: Key) => Promise<Value> {
  return shareReads({
    ...options,
    keyOf,
    read: (keys) => {
      const { cache, isCurrent } = database.currentCache();
      return keys.map(async (key) => {
        const name = keyOf(key);
        const cached = cache?.get<Value>(group, name);
        if (cached !== undefined && isValid(cached, key) && (await isCurrent)) return cached;
        const value = await read(key);
        if (cache && value !== null && value !== undefined && (await isCurrent)) {
          cache.set(group, name, value, bytesOf(value));
        }
        return value;
      });
    },
  });
}
