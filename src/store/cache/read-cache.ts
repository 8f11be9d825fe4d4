import { LRUCache } from 'lru-cache';

/** What a kept value takes besides its texts and its key: the entry, the object around it. */
const entryBytes = 400;

/** Values with longer keys are not kept: such questions do not come again, and anybody can think up any number of them. */
const maxKeyCharacters = 1_024;

/** How long a database has to stay as it is for memory to be worth its while: less when somebody writes all the time. */
const calmMs = 20;

/** Values that were read since the database has changed last, in groups, by keys. The longest unused are forgotten first. */
export class Memory {
  readonly #values: LRUCache<string, NonNullable<unknown>>;

  /** @param maxBytes - about how many it may take, with its keys; no value takes more than a quarter of them */
  constructor(maxBytes: number) {
    this.#values = new LRUCache({ maxSize: maxBytes, maxEntrySize: Math.max(1, Math.floor(maxBytes / 4)) });
  }

  /** How many bytes all that is kept takes. */
  get bytes(): number {
    return this.#values.calculatedSize;
  }

  get<Value>(group: string, key: string): Value | undefined {
    return this.#values.get(nameOf(group, key)) as Value | undefined;
  }

  /** @param bytes - what the value takes, by `textBytes` and what is around the texts */
  keep(group: string, key: string, value: NonNullable<unknown>, bytes: number): void {
    const name = nameOf(group, key);
    if (name.length > maxKeyCharacters) return;
    this.#values.set(name, value, { size: entryBytes + textBytes(name) + bytes });
  }
}

function nameOf(group: string, key: string): string {
  return `${group} ${key}`;
}

/** How many bytes a text takes in memory: one for each character where all are ASCII, else perhaps two. */
export function textBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
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
