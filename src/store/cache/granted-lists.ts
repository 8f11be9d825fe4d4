import { AsyncResource } from 'node:async_hooks';
import { raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { inTurn } from '../../in-turn.ts';
import type { Database } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { OrderField, PartialScript, ScriptPage } from '../store.ts';
import { mergeOrdered } from './merge-ordered.ts';
import { comparePlaces, type OrderedScript, OrderedScripts, orderValue } from './ordered-scripts.ts';

/** Fewer scripts than these are found and sorted as quickly by the database. */
const minScripts = 100;

/** How many scripts are kept in the order of a field altogether: some 150 bytes each. */
const maxScripts = 100_000;

/** How many scripts one statement reads: some milliseconds. */
const maxRead = 1_000;

/** How often a page is read that changes while it is. */
const maxAttempts = 3;

/** How many kept orders are considered for one to begin with. */
const maxCompared = 8;

/** Scripts in order, as they are after all changes with a number below the horizon, and perhaps some others. */
interface Known {
  readonly scripts: OrderedScripts;
  horizon: number;
  /** Of the database, in which the horizon was told. */
  readonly generation: number | undefined;
}

/** A script of a page, and the number of the newest change to any script, which was there when the page was read. */
export type Found = Pick<PartialScript, 'uuid' | 'revision'> & { readonly newestChange: number };

/**
 * Lists for whoever may see many single scripts: the database would find and sort them all for every page. Here their
 * order is kept, per set of scripts and field. The scripts of a page are read from the database every time, along with
 * the number of the newest change; where that is new, what has changed is read as well. A page is given out only when
 * its scripts are at the revisions for which the order holds. So none is older than its request, whichever process has
 * written.
 */
export function createGrantedLists(
  database: Database,
  dialect: Dialect,
  columnNames: Readonly<Record<OrderField, string>>,
) {
  const seen = new WeakSet<ReadonlySet<string>>();
  const kept: Record<OrderField, Map<ReadonlySet<string>, Promise<Known>>> = {
    name: new Map(),
    createdAt: new Map(),
    updatedAt: new Map(),
  };

  /**
   * A page of the scripts in a set, without a filter.
   *
   * @param fetch - finds scripts by their UUIDs
   * @returns undefined where the database does as well: for few scripts, far too many, or the first time
   */
  return async function list<Row extends Found>(
    visible: ReadonlySet<string>,
    { order, after, limit }: Pick<ScriptPage, 'order' | 'after' | 'limit'>,
    fetch: (uuids: readonly string[]) => Promise<Row[]>,
  ): Promise<Row[] | undefined> {
    if (visible.size < minScripts || visible.size > maxScripts) return undefined;
    if (database.generation() === undefined) return undefined;
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const known = await knownOrder(visible, order.field);
      if (known === undefined) return undefined;
      const { scripts } = known;
      const expected = scripts.page(order.direction, after, limit);
      const found = await fetch(expected.map(({ uuid }) => uuid));
      const newest = found.length === expected.length ? found[0]?.newestChange : undefined;
      if (known.generation !== database.generation()) {
        kept[order.field].delete(visible);
        continue;
      }
      const isCurrent = newest !== undefined && newest < known.horizon;
      if (!isCurrent && !(await catchUp(known, visible, order.field))) {
        kept[order.field].delete(visible);
        seen.delete(visible);
        return undefined;
      }
      const rows = new Map(found.map((row) => [row.uuid, row]));
      for (const script of expected) if (!rows.has(script.uuid)) scripts.remove(script);
      const page: Row[] = [];
      const current = scripts.page(order.direction, after, limit);
      for (const { uuid, revision } of current) {
        const row = rows.get(uuid);
        if (row?.revision === revision) page.push(row);
      }
      if (page.length === current.length) return page;
    }
    return undefined;
  };

  /** @returns undefined the first time, as many a set is asked for only once */
  function knownOrder(visible: ReadonlySet<string>, field: OrderField): Promise<Known> | undefined {
    const orders = kept[field];
    let known = orders.get(visible);
    if (known === undefined) {
      known = seen.has(visible) ? read(visible, field) : derive(visible, field);
      seen.add(visible);
      if (known === undefined) return undefined;
      known.catch(() => orders.delete(visible));
      makeRoom(orders, visible.size);
    }
    // The last one used comes last.
    orders.delete(visible);
    orders.set(visible, known);
    return known;
  }

  async function read(visible: ReadonlySet<string>, field: OrderField): Promise<Known> {
    const generation = database.generation();
    const { horizon, changes } = await readScripts(visible, field);
    return { scripts: await inTurn(() => new OrderedScripts(changes)), horizon, generation };
  }

  /** Reads a set in parts. What changes between them has a number from the first horizon on. */
  async function readScripts(uuids: Iterable<string>, field: OrderField) {
    const parts: Promise<Awaited<ReturnType<typeof readChanges>>>[] = [];
    for (const part of chunksOf(uuids, maxRead)) {
      const readPart = AsyncResource.bind(() => readChanges(field, dialect.uuidIsOneOf(part)));
      parts.push(Promise.resolve(inTurn(readPart)));
    }
    const read = await Promise.all(parts);
    const horizon = Math.min(...read.map((part) => part.horizon));
    return { horizon, changes: await mergeInTurn(read.map((part) => part.changes)) };
  }

  /** The order of a set that differs little from one whose order is kept, as after a grant. */
  function derive(visible: ReadonlySet<string>, field: OrderField): Promise<Known> | undefined {
    const tolerance = visible.size / 20;
    for (const [other, known] of [...kept[field]].slice(-maxCompared).reverse()) {
      if (Math.abs(other.size - visible.size) > tolerance) continue;
      const added = [...visible].filter((uuid) => !other.has(uuid));
      if (added.length <= tolerance) return extend(known, visible, added, field);
    }
    return undefined;
  }

  async function extend(
    base: Promise<Known>,
    visible: ReadonlySet<string>,
    added: readonly string[],
    field: OrderField,
  ): Promise<Known> {
    const { scripts, horizon, generation } = await base;
    const extended = { scripts: scripts.only(visible), horizon, generation };
    const { changes } = await readScripts(added, field);
    for (const script of changes) extended.scripts.put(script);
    return (await catchUp(extended, visible, field)) ? extended : read(visible, field);
  }

  /** Puts the scripts of the set that have changed to their places. @returns false when it is better to begin anew */
  async function catchUp(known: Known, visible: ReadonlySet<string>, field: OrderField): Promise<boolean> {
    const since = known.horizon;
    const maxChanges = Math.max(1_000, visible.size >> 2);
    const { horizon, changes } = await readChanges(
      field,
      sql`"changed_in" >= ${since} ORDER BY "changed_in" LIMIT ${maxChanges + 1}`,
    );
    // The numbers only grow, unless the database has crashed or was replaced by another one.
    if (known.generation !== database.generation() || horizon < since || changes.length > maxChanges)
      return false;
    for (const script of changes) if (visible.has(script.uuid)) known.scripts.put(script);
    known.horizon = Math.max(known.horizon, horizon);
    return true;
  }

  /** Some scripts, and the first number of a change that this does not show for sure. */
  async function readChanges(field: OrderField, condition: Sql) {
    const rows = await database.query<Change>(
      sql`SELECT h."horizon", c.* FROM (SELECT ${dialect.changeHorizon} AS "horizon") h LEFT JOIN (
        SELECT "uuid", ${raw(columnNames[field])} AS "value", "revision" FROM "dtrace_scripts"
        WHERE ${condition}) c ON TRUE`,
      { isPlannedAnew: true },
    );
    const changes: OrderedScript[] = [];
    for (const { uuid, value, revision } of rows) {
      if (uuid !== null) changes.push({ uuid, value: orderValue(value), revision });
    }
    return { horizon: rows[0]?.horizon ?? 0, changes };
  }
}

/** Puts scripts in order, piece by piece. */
async function mergeInTurn(parts: readonly OrderedScript[][]): Promise<OrderedScript[]> {
  let runs: OrderedScript[][] = [];
  for (const part of parts) runs.push(await inTurn(() => part.sort(comparePlaces)));
  while (runs.length > 1) {
    const longer: OrderedScript[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [one = [], other = []] = runs.slice(index, index + 2);
      longer.push(await inTurn(() => mergeOrdered(one, other, comparePlaces)));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* chunksOf<Value>(values: Iterable<Value>, size: number): Generator<Value[]> {
  let chunk: Value[] = [];
  for (const value of values) {
    if (chunk.push(value) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Forgets the orders that were not used for longest, until there is room for one more. */
function makeRoom(orders: Map<ReadonlySet<string>, unknown>, size: number): void {
  let total = size;
  for (const visible of orders.keys()) total += visible.size;
  for (const visible of orders.keys()) {
    if (total <= maxScripts) return;
    total -= visible.size;
    orders.delete(visible);
  }
}

/** A script that has changed, or no script, and in either case the horizon. */
interface Change {
  readonly uuid: string | null;
  readonly value: string | Date;
  readonly revision: number;
  readonly horizon: number;
}
