import { inTurn } from '../../in-turn.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { OrderField } from '../store.ts';
import { createOrderedScripts, type OrderedScripts } from './ordered-scripts.ts';
import { createScriptChanges } from './script-changes.ts';

/** The most scripts in the cached orders of one field: about 150 bytes each. */
export const maxScripts = 100_000;

/** How many cached orders are compared to find one that a new order can start from. */
const maxCompared = 8;

/** Scripts in order. All changes with a number below the horizon are in it; later changes may be. */
export interface CachedOrder {
  readonly scripts: OrderedScripts;
  horizon: number;
  /** The generation of the numbers, see `SqlDatabase.generation`. */
  readonly generation: number | undefined;
}

export type CachedOrders = ReturnType<typeof createCachedOrders>;

/** Creates the cache of the orders of sets of scripts, one order for each set and field. */
export function createCachedOrders(database: SqlDatabase, dialect: Dialect) {
  const { readScripts, readSince } = createScriptChanges(database, dialect);
  const seen = new WeakSet<ReadonlySet<string>>();
  const cached: Record<OrderField, Map<ReadonlySet<string>, Promise<CachedOrder>>> = {
    name: new Map(),
    createdAt: new Map(),
    updatedAt: new Map(),
  };

  return {
    /** @returns undefined for the first request of a set, because many sets are requested only once */
    find(visible: ReadonlySet<string>, field: OrderField): Promise<CachedOrder> | undefined {
      const orders = cached[field];
      let order = orders.get(visible);
      if (order === undefined) {
        order = seen.has(visible) ? read(visible, field) : derive(visible, field);
        seen.add(visible);
        if (order === undefined) return undefined;
        order.catch(() => orders.delete(visible));
        makeRoom(orders, visible.size);
      }
      // The map ends with the order that was used last.
      orders.delete(visible);
      orders.set(visible, order);
      return order;
    },

    /** Applies the changes since the horizon. @returns false if reading the order again is better */
    catchUp,

    drop: (visible: ReadonlySet<string>, field: OrderField): void => void cached[field].delete(visible),

    /** Drops the order; the next request of the set counts as its first one. */
    forget(visible: ReadonlySet<string>, field: OrderField): void {
      cached[field].delete(visible);
      seen.delete(visible);
    },
  };

  async function read(visible: ReadonlySet<string>, field: OrderField): Promise<CachedOrder> {
    const generation = database.generation();
    const { horizon, changes } = await readScripts(visible, field);
    return { scripts: await inTurn(() => createOrderedScripts(changes)), horizon, generation };
  }

  /** Starts from the order of a similar set, such as the set of the same user before a grant. */
  function derive(visible: ReadonlySet<string>, field: OrderField): Promise<CachedOrder> | undefined {
    const tolerance = visible.size / 20;
    for (const [other, order] of [...cached[field]].slice(-maxCompared).reverse()) {
      if (Math.abs(other.size - visible.size) > tolerance) continue;
      const added = [...visible].filter((uuid) => !other.has(uuid));
      if (added.length <= tolerance) return extend(order, visible, added, field);
    }
    return undefined;
  }

  async function extend(
    base: Promise<CachedOrder>,
    visible: ReadonlySet<string>,
    added: readonly string[],
    field: OrderField,
  ): Promise<CachedOrder> {
    const { scripts, horizon, generation } = await base;
    const extended = { scripts: scripts.only(visible), horizon, generation };
    const { changes } = await readScripts(added, field);
    for (const script of changes) extended.scripts.put(script);
    return (await catchUp(extended, visible, field)) ? extended : read(visible, field);
  }

  async function catchUp(
    order: CachedOrder,
    visible: ReadonlySet<string>,
    field: OrderField,
  ): Promise<boolean> {
    const since = order.horizon;
    const maxChanges = Math.max(1_000, visible.size >> 2);
    const { horizon, changes } = await readSince(since, maxChanges + 1, field);
    // Numbers go back only after a crash of the database, or if another database took its place.
    if (order.generation !== database.generation() || horizon < since || changes.length > maxChanges) {
      return false;
    }
    for (const script of changes) if (visible.has(script.uuid)) order.scripts.put(script);
    order.horizon = Math.max(order.horizon, horizon);
    return true;
  }
}

/** Drops the least recently used orders until there is room for one of this size. */
function makeRoom(orders: Map<ReadonlySet<string>, unknown>, size: number): void {
  let total = size;
  for (const visible of orders.keys()) total += visible.size;
  for (const visible of orders.keys()) {
    if (total <= maxScripts) return;
    total -= visible.size;
    orders.delete(visible);
  }
}
