/** A map of at most so many entries: beyond, the one that was set longest ago goes. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxEntries: number;
  readonly #onRemoved: (key: Key) => void;

  /** @param onRemoved - told the key of an entry that had to go */
  constructor(maxEntries: number, onRemoved: (key: Key) => void = () => {}) {
    super();
    this.#maxEntries = maxEntries;
    this.#onRemoved = onRemoved;
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    const oldest = this.keys().next();
    if (this.size > this.#maxEntries && !oldest.done) {
      this.delete(oldest.value);
      this.#onRemoved(oldest.value);
    }
    return this;
  }
}
