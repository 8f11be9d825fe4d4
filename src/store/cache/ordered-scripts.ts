import type { ScriptOrder, ScriptPosition } from '../store.ts';

/** The place of a script in an order. */
export interface OrderedScript {
  readonly uuid: string;
  /** The value that the order compares: a name, or a time in milliseconds. */
  readonly value: string | number;
  readonly revision: number;
}

/** Scripts in ascending order of one field. Scripts with equal values are ordered by UUID, as in the databases. */
export interface OrderedScripts {
  /** At most `limit` scripts after a position; from the start without a position. */
  page(
    direction: ScriptOrder['direction'],
    after: ScriptPosition | undefined,
    limit: number,
  ): OrderedScript[];
  /** A copy with the scripts of a set only. */
  only(uuids: ReadonlySet<string>): OrderedScripts;
  /** Moves a script to its place. Ignores a revision that is not newer than the known one. */
  put(script: OrderedScript): void;
  /** Removes a script. Ignores a script that was put to another place since. */
  remove(script: OrderedScript): void;
}

/** @param scripts - in order; the array belongs to the result from now on */
export function createOrderedScripts(scripts: OrderedScript[]): OrderedScripts {
  const byUuid = new Map<string, OrderedScript>();
  for (const script of scripts) byUuid.set(script.uuid, script);

  return {
    page: (direction, after, limit) => {
      const position = after && { value: orderValue(after.value), uuid: after.uuid };
      if (direction === 'asc') {
        const start = position === undefined ? 0 : findEnd(position);
        return scripts.slice(start, start + limit);
      }
      const end = position === undefined ? scripts.length : findStart(position);
      return scripts.slice(Math.max(0, end - limit), end).reverse();
    },
    only: (uuids) => createOrderedScripts(scripts.filter(({ uuid }) => uuids.has(uuid))),
    put: (script) => {
      const known = byUuid.get(script.uuid);
      if (known !== undefined) {
        if (known.revision >= script.revision) return;
        remove(known);
      }
      byUuid.set(script.uuid, script);
      scripts.splice(findStart(script), 0, script);
    },
    remove,
  };

  function remove(script: OrderedScript): void {
    if (byUuid.get(script.uuid) !== script) return;
    byUuid.delete(script.uuid);
    scripts.splice(findStart(script), 1);
  }

  /** The index of the first script at or after a position. */
  function findStart(position: Position): number {
    return findFirst((script) => comparePlaces(script, position) >= 0);
  }

  /** The index of the first script after a position. */
  function findEnd(position: Position): number {
    return findFirst((script) => comparePlaces(script, position) > 0);
  }

  function findFirst(matches: (script: OrderedScript) => boolean): number {
    let [start, end] = [0, scripts.length];
    while (start < end) {
      const middle = (start + end) >>> 1;
      if (matches(scripts[middle] as OrderedScript)) end = middle;
      else start = middle + 1;
    }
    return start;
  }
}

/** The value as the order compares it. */
export function orderValue(value: string | Date): string | number {
  return value instanceof Date ? value.getTime() : value;
}

type Position = Pick<OrderedScript, 'value' | 'uuid'>;

/** Compares places in ascending order: by value, then by UUID. */
export function comparePlaces(one: Position, other: Position): number {
  const byValue =
    typeof one.value === 'string'
      ? compareText(one.value, other.value as string)
      : one.value - (other.value as number);
  return byValue === 0 ? compareText(one.uuid, other.uuid) : byValue;
}

/** Compares by code points, as both databases do. The operator `<` compares UTF-16, which orders emoji differently. */
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
