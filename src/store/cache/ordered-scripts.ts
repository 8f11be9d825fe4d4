import type { ScriptOrder, ScriptPosition } from '../store.ts';

/** Where a script stands in an order. */
export interface OrderedScript {
  readonly uuid: string;
  /** What is ordered by: a name, or a time in milliseconds. */
  readonly value: string | number;
  readonly revision: number;
}

/** Scripts in the ascending order of one field, those alike in it by UUID: as the databases order them. */
export class OrderedScripts {
  readonly #scripts: OrderedScript[];
  readonly #byUuid: Map<string, OrderedScript>;

  /** @param scripts - in order; the array becomes this object's own */
  constructor(scripts: OrderedScript[]) {
    this.#scripts = scripts;
    this.#byUuid = new Map();
    for (const script of scripts) this.#byUuid.set(script.uuid, script);
  }

  /** At most so many scripts from a position on, which itself is left out; without one from the start. */
  page(
    direction: ScriptOrder['direction'],
    after: ScriptPosition | undefined,
    limit: number,
  ): OrderedScript[] {
    const position = after && { value: orderValue(after.value), uuid: after.uuid };
    if (direction === 'asc') {
      const start = position === undefined ? 0 : this.#findEnd(position);
      return this.#scripts.slice(start, start + limit);
    }
    const end = position === undefined ? this.#scripts.length : this.#findStart(position);
    return this.#scripts.slice(Math.max(0, end - limit), end).reverse();
  }

  /** Those of a set, apart from these. */
  only(uuids: ReadonlySet<string>): OrderedScripts {
    return new OrderedScripts(this.#scripts.filter(({ uuid }) => uuids.has(uuid)));
  }

  /** Puts a script to its place, unless a later revision of it is known. */
  put(script: OrderedScript): void {
    const known = this.#byUuid.get(script.uuid);
    if (known !== undefined) {
      if (known.revision >= script.revision) return;
      this.remove(known);
    }
    this.#byUuid.set(script.uuid, script);
    this.#scripts.splice(this.#findStart(script), 0, script);
  }

  /** Removes a script, unless it has been put to another place since. */
  remove(script: OrderedScript): void {
    if (this.#byUuid.get(script.uuid) !== script) return;
    this.#byUuid.delete(script.uuid);
    this.#scripts.splice(this.#findStart(script), 1);
  }

  /** The first place that is not before a position. */
  #findStart(position: Position): number {
    return this.#find((script) => comparePlaces(script, position) >= 0);
  }

  /** The first place behind a position. */
  #findEnd(position: Position): number {
    return this.#find((script) => comparePlaces(script, position) > 0);
  }

  #find(isBehind: (script: OrderedScript) => boolean): number {
    let [start, end] = [0, this.#scripts.length];
    while (start < end) {
      const middle = (start + end) >>> 1;
      if (isBehind(this.#scripts[middle] as OrderedScript)) end = middle;
      else start = middle + 1;
    }
    return start;
  }
}

/** A value as it is compared. */
export function orderValue(value: string | Date): string | number {
  return value instanceof Date ? value.getTime() : value;
}

type Position = Pick<OrderedScript, 'value' | 'uuid'>;

/** The ascending order of places: those alike in the value by UUID. */
export function comparePlaces(one: Position, other: Position): number {
  const byValue =
    typeof one.value === 'string'
      ? compareText(one.value, other.value as string)
      : one.value - (other.value as number);
  return byValue === 0 ? compareText(one.uuid, other.uuid) : byValue;
}

/** By code points, as both databases do; `<` goes by UTF-16, where emoji come before some rarer letters. */
function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
  }
  return one.length - other.length;
}

function isSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff;
}
