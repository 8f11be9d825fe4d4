import { LRUCache } from 'lru-cache';

/** The memory of an entry besides its texts and its key. */
const entryBytes = 400;

/** Longer keys are not cached: such queries do not repeat, and a client can invent any number of them. */
const maxKeyCharacters = 1_024;

/** The cache is off until the database has not changed for this long. A cache gains nothing between constant writes. */
const calmMs = 20;

/** Answers of one version of the database, in groups, by key. The least recently used answer is dropped first. */
export interface ReadCache {
  /** The memory of all entries. */
  readonly bytes: number;
  get<Value>(group: string, key: string): Value | undefined;
  /** @param bytes - the memory of the value: its texts by `textBytes`, and what is around them */
  set(group: string, key: string, value: NonNullable<unknown>, bytes: number): void;
}

/** The answers under one key, by group. */
type Answers = Map<string, { readonly value: NonNullable<unknown>; readonly bytes: number }>;

/** The most groups with answers under one key. Clients ask for few different sets of columns. */
const maxGroups = 16;

/** @param maxBytes - about how much memory the cache may use, with its keys; all values of a key may use a quarter of it */
export function createReadCache(maxBytes: number): ReadCache {
  // By key, then by group: a text of both would have to be built and hashed for each look-up.
  const entries = new LRUCache<string, Answers>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 4)),
  });
  return {
    get bytes() {
      return entries.calculatedSize;
    },
    get: <Value>(group: string, key: string) => entries.get(key)?.get(group)?.value as Value | undefined,
    set: (group, key, value, bytes) => {
      if (group.length + key.length > maxKeyCharacters) return;
      // A copy: the cache ignores the size of a value that it has already.
      const answers: Answers = new Map(entries.get(key));
      if (answers.size >= maxGroups) answers.clear();
      answers.set(group, { value, bytes: entryBytes + textBytes(group) + bytes });
      let size = textBytes(key);
      for (const answer of answers.values()) size += answer.bytes;
      entries.set(key, answers, { size });
    },
  };
}

/** The memory of a text: one byte for each character if all are ASCII, otherwise up to two. */
export function textBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}

/** A read cache, and whether its answers are current. Ask for it again for every read. */
export interface CurrentCache {
  /** May be read and filled only after `isCurrent` is true. */
  readonly cache: ReadCache | undefined;
  /** Never rejects. */
  readonly isCurrent: boolean | Promise<boolean>;
}

const noCache: CurrentCache = { cache: undefined, isCurrent: false };

/**
 * Creates the function that answers the read cache of a database.
 *
 * A cache belongs to one version of the database. It is created only after the database was seen at that version, so it
 * holds no older answer. If the database still has that version after a request arrived, no answer in the cache is older
 * than the request.
 *
 * @param readVersion - a value that changes with every commit, by whichever process; undefined or a failure if unknown
 * @param maxBytes - about how much memory a cache may use; 0 for no cache
 */
export function createCurrentCache(
  readVersion: () => unknown | Promise<unknown>,
  maxBytes: number,
): () => CurrentCache {
  let version: unknown;
  let cache: ReadCache | undefined;
  let changedAtMs = Number.NEGATIVE_INFINITY;

  return () => {
    if (maxBytes === 0 || (cache === undefined && performance.now() - changedAtMs <= calmMs)) return noCache;
    const [candidate, itsVersion] = [cache, version];
    const compare = (current: unknown): boolean => {
      if (current === undefined || current !== version) {
        version = current;
        cache = undefined;
        changedAtMs = performance.now();
      } else {
        cache ??= createReadCache(maxBytes);
      }
      return candidate !== undefined && current !== undefined && current === itsVersion;
    };
    try {
      const current = readVersion();
      const isCurrent =
        current instanceof Promise ? current.then(compare, () => compare(undefined)) : compare(current);
      return { cache: candidate, isCurrent };
    } catch {
      // The read that follows reports the failure.
      compare(undefined);
      return noCache;
    }
  };
}
