import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { PartialScript, ScriptPage } from '../store.ts';
import { createCachedOrders, maxScripts } from './cached-orders.ts';

/** The database finds and sorts fewer scripts just as fast. */
const minScripts = 100;

/** How often a page is read if it changes during the read. */
const maxAttempts = 3;

/** A script of a page, and the number of the newest change to any script at the time of the read. */
export type Found = Pick<PartialScript, 'uuid' | 'revision'> & { readonly newestChange: number };

/**
 * Creates the lists for users who may see many single scripts. Without a cache, the database would find and sort all of
 * them for every page.
 *
 * The order of a set of scripts is cached for each field. The scripts of a page are still read from the database for every
 * request, with the number of the newest change. If that number is new, the changes since then are read as well. A page is
 * answered only if every script has the revision that the order knows. So no page is older than its request, whichever
 * process has written.
 */
export function createGrantedLists(database: SqlDatabase, dialect: Dialect) {
  const orders = createCachedOrders(database, dialect);

  /**
   * Answers a page of the scripts in a set, without a filter.
   *
   * @param fetch - reads scripts by UUID
   * @returns undefined if the database should answer: few scripts, too many, the first request, or no numbers to rely on
   */
  return async function list<Row extends Found>(
    visible: ReadonlySet<string>,
    { order: { field, direction }, after, limit }: Pick<ScriptPage, 'order' | 'after' | 'limit'>,
    fetch: (uuids: readonly string[]) => Promise<Row[]>,
  ): Promise<Row[] | undefined> {
    if (visible.size < minScripts || visible.size > maxScripts) return undefined;
    if (database.generation() === undefined) return undefined;
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const order = await orders.find(visible, field);
      if (order === undefined) return undefined;
      const { scripts } = order;
      const expected = scripts.page(direction, after, limit);
      const found = await fetch(expected.map(({ uuid }) => uuid));
      if (order.generation !== database.generation()) {
        orders.drop(visible, field);
        continue;
      }
      const newest = found.length === expected.length ? found[0]?.newestChange : undefined;
      const isCurrent = newest !== undefined && newest < order.horizon;
      if (!isCurrent && !(await orders.catchUp(order, visible, field))) {
        orders.forget(visible, field);
        return undefined;
      }
      const rows = new Map(found.map((row) => [row.uuid, row]));
      for (const script of expected) if (!rows.has(script.uuid)) scripts.remove(script);
      const current = scripts.page(direction, after, limit);
      const page = current.flatMap(({ uuid, revision }) => {
        const row = rows.get(uuid);
        return row?.revision === revision ? [row] : [];
      });
      if (page.length === current.length) return page;
    }
    return undefined;
  };
}
