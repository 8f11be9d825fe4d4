/** What a kept value takes besides its own characters: the entry, its key, the object around it. */
const overheadBytes = 200;

/** How long a database has to stay as it is for memory to be worth its while: less when somebody writes all the time. */
const calmMs = 20;

/** Values that were read since the database has changed last, in groups, by keys. */
export class Memory {
  readonly #maxBytes: number;
  readonly #groups = new Map<string, Map<string, unknown>>();
  #bytes = 0;

  /** @param maxBytes - about how many it may take; when they are used up, everything is forgotten */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  group<Value>(name: string): ReadonlyMap<string, Value> {
    return (this.#groups.get(name) as Map<string, Value> | undefined) ?? new Map();
  }

  /** @param characters - of the texts that it holds */
  keep(name: string, key: string, value: unknown, characters: number): void {
    const bytes = overheadBytes + characters;
    if (bytes > this.#maxBytes / 4) return;
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) {
      this.#groups.clear();
      this.#bytes = bytes;
    }
    const group = this.#groups.get(name) ?? new Map<string, unknown>();
    group.set(key, value);
    this.#groups.set(name, group);
  }
}

/** What was read before, and whether that is how the database is: to be asked for anew whenever something is read. */
export interface Recalled {
  /** May be used, and added to, as soon as it is known to be current. */
  readonly memory: Memory | undefined;
  /** Never rejects. */
  readonly isCurrent: boolean | Promise<boolean>;
}

const nothing: Recalled = { memory: undefined, isCurrent: false };

/**
 * Creates the function that recalls what was read from a database.
 *
 * A memory belongs to a version of the database, and holds nothing that was read before the database was known to have that
 * version. So when it has it still, at a moment after somebody has asked, nothing in the memory is older than the question.
 *
 * @param readVersion - tells what changes as soon as anything in the database has changed, whoever has changed it;
 *   undefined, or a failure, where that cannot be told
 * @param maxBytes - about how much may be kept; 0 for nothing
 */
export function createRecall(
  readVersion: () => unknown | Promise<unknown>,
  maxBytes: number,
): () => Recalled {
  let version: unknown;
  let memory: Memory | undefined;
  let changedAtMs = Number.NEGATIVE_INFINITY;

  return () => {
    if (maxBytes === 0 || (memory === undefined && performance.now() - changedAtMs <= calmMs)) return nothing;
    const [candidate, itsVersion] = [memory, version];
    const judge = (current: unknown): boolean => {
      if (current === undefined || current !== version) {
        version = current;
        memory = undefined;
        changedAtMs = performance.now();
      } else {
        memory ??= new Memory(maxBytes);
      }
      return candidate !== undefined && current !== undefined && current === itsVersion;
    };
    try {
      const current = readVersion();
      const isCurrent =
        current instanceof Promise ? current.then(judge, () => judge(undefined)) : judge(current);
      return { memory: candidate, isCurrent };
    } catch {
      // Whoever reads will be told why.
      judge(undefined);
      return nothing;
    }
  };
}
