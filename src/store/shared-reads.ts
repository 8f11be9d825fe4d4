import DataLoader from 'dataloader';

export interface SharedReadOptions<Key, Value> {
  /** The same for keys that ask for the same, which are read once; without it, no two do. */
  readonly keyOf?: (key: Key) => string;
  /**
   * Reads what different keys ask for, which were all given before it is called.
   *
   * @returns position for position; an `Error` fails that one alone
   */
  readonly read: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;
  /** Whether to wait until every request that has arrived is heard, rather than for those that are being worked on. */
  readonly waitsForTurn?: boolean;
}

/**
 * Creates a read that is done together for all who ask at a time, whosever requests they are. Nobody is answered by a
 * read that began before they asked.
 */
export function shareReads<Key, Value>({
  keyOf,
  read,
  waitsForTurn = false,
}: SharedReadOptions<Key, Value>): (key: Key) => Promise<Value> {
  const loader = new DataLoader<Key, Value, string>(
    (keys) => {
      // Whoever asks from now on is in the next batch.
      loader.clearAll();
      return read(keys);
    },
    {
      ...(keyOf === undefined ? { cache: false } : { cacheKeyFn: keyOf }),
      ...(waitsForTurn ? { batchScheduleFn: setImmediate } : {}),
    },
  );
  return (key) => loader.load(key);
}

/** Does something for each key by itself; where it fails, it fails for that key alone. */
export function forEach<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return Promise.all(
    keys.map((key) =>
      read(key).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
    ),
  );
}
