import { Map as PersistentMap, Set as PersistentSet } from 'immutable';

/** The reading methods of a map. */
export interface Lookup<Value> extends Iterable<readonly [string, Value]> {
  get(key: string): Value | undefined;
}

/**
 * Returns a map with more entries. The given map does not change. The cost does not depend on its size: both maps share a
 * large native map, and a small persistent map has the entries added since.
 *
 * @param entries - they replace entries with the same keys
 */
export function grownMap<Value>(
  map: Lookup<Value>,
  entries: Iterable<readonly [string, Value]>,
): Lookup<Value> {
  const { base, added } =
    map instanceof GrownMap
      ? (map as GrownMap<Value>)
      : { base: map as ReadonlyMap<string, Value>, added: PersistentMap<string, Value>() };
  const more = added.merge(entries as Iterable<[string, Value]>);
  return isLarge(more, base) ? new Map([...base, ...more]) : new GrownMap(base, more);
}

/** Returns a set with more values, or the given set if no value is new. The given set does not change. */
export function grownSet(set: ReadonlySet<string>, values: Iterable<string>): ReadonlySet<string> {
  const missing = [...values].filter((value) => !set.has(value));
  if (missing.length === 0) return set;
  const { base, added } = set instanceof GrownSet ? set : { base: set, added: PersistentSet<string>() };
  const more = added.union(missing);
  return isLarge(more, base) ? new Set([...base, ...more]) : new GrownSet(base, more);
}

/** Whether the added entries should be copied into a new native collection. On average this is a few steps per entry. */
function isLarge({ size }: { readonly size: number }, base: { readonly size: number }): boolean {
  return size > 32 + base.size / 4;
}

class GrownMap<Value> implements Lookup<Value> {
  readonly base: ReadonlyMap<string, Value>;
  readonly added: PersistentMap<string, Value>;

  constructor(base: ReadonlyMap<string, Value>, added: PersistentMap<string, Value>) {
    this.base = base;
    this.added = added;
  }

  get(key: string): Value | undefined {
    return this.added.get(key) ?? this.base.get(key);
  }

  *[Symbol.iterator](): Generator<readonly [string, Value]> {
    for (const entry of this.base) if (!this.added.has(entry[0])) yield entry;
    yield* this.added;
  }
}

class GrownSet implements ReadonlySet<string> {
  readonly base: ReadonlySet<string>;
  /** Values that are not in the base. */
  readonly added: PersistentSet<string>;

  constructor(base: ReadonlySet<string>, added: PersistentSet<string>) {
    this.base = base;
    this.added = added;
  }

  get size(): number {
    return this.base.size + this.added.size;
  }

  has(value: string): boolean {
    return this.base.has(value) || this.added.has(value);
  }

  *values(): Generator<string, undefined> {
    yield* this.base;
    yield* this.added;
    return undefined;
  }

  keys(): Generator<string, undefined> {
    return this.values();
  }

  *entries(): Generator<[string, string], undefined> {
    for (const value of this.values()) yield [value, value];
    return undefined;
  }

  [Symbol.iterator](): Generator<string, undefined> {
    return this.values();
  }

  forEach(callback: (value: string, key: string, set: ReadonlySet<string>) => void): void {
    for (const value of this.values()) callback(value, value, this);
  }
}
