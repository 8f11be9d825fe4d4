/** A map with a bound. When it is full, the entry that was set first is removed. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxEntries: number;
  readonly #onRemoved: (key: Key) => void;

  /** @param onRemoved - called with the key of each removed entry */
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
