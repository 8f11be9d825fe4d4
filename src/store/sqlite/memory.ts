/** What a kept value takes besides its own characters: the entry, its key, the object around it. */
const overheadBytes = 200;

/**
 * What was read from the database since it last changed, in groups of values by keys. Whoever is handed a memory may
 * trust it at that moment, and put into it what was read later: after a change there is another memory.
 */
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
