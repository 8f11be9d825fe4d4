import { empty, type Sql } from '@prisma/client/runtime/client';
import { mergeOrdered } from '../cache/merge-ordered.ts';
import { comparePlaces } from '../cache/ordered-scripts.ts';
import type { Snapshot, SqlDatabase } from '../sql/database.ts';
import type { PartialScript, ScriptFilter, ScriptOrder, ScriptPage, ScriptSelection } from '../store.ts';
import { all, type Projection, readOptions, type ScriptStatements } from './script-statements.ts';
import { createWalks, type Walk } from './script-walks.ts';

/** Longer lists are read in pieces. */
const maxListed = 64;

/** Lists and counts for users who may see more single scripts than these are read in pieces. */
const maxSingles = 100;

/** How long one piece should take, and how many scripts the first piece looks at. A filter makes each script cost more. */
const pieceMs = 5;
const firstRows = 128;
const firstFilteredRows = 16;
const maxRows = 20_000;

export type ScriptScans = ReturnType<typeof createScriptScans>;

/**
 * Creates lists and counts that look at many scripts, for a database whose statements run on the event loop.
 *
 * They read one snapshot in pieces. Other requests get their turn between the pieces.
 */
export function createScriptScans(scan: NonNullable<SqlDatabase['scan']>, statements: ScriptStatements) {
  const startWalk = createWalks(statements);

  return {
    isLongList({ visible, filter, order, limit }: ScriptPage): boolean {
      if (visible !== 'all') return visible.size > maxSingles || statements.matches(filter).length > 0;
      return limit > maxListed || !isAnsweredBy(order, filter);
    },

    /** SQLite counts a whole table by its pages, a million scripts in a few milliseconds. */
    isLongCount({ visible, filter }: ScriptSelection): boolean {
      if (visible !== 'all' && visible.size > maxSingles) return true;
      return statements.matches(filter).length > 0;
    },

    /** @returns the same as one statement */
    list(page: ScriptPage, { columns, ...projection }: Projection): Promise<PartialScript[]> {
      const { order, limit } = page;
      // Pieces that are not in order are sorted by this field.
      const wanted = { ...projection, columns: [...new Set([...columns, order.field])] };
      const statement = statements.list(page, wanted);
      const compare = comparatorOf(order);
      return scan(statement, async (snapshot) => {
        let rows: PartialScript[] = [];
        await walkThrough(snapshot, page, (walk, piece) => {
          const until = walk.isInOrder ? undefined : rows[limit - 1];
          const left = walk.isInOrder ? limit - rows.length : limit;
          const condition = all([piece.condition, until ? isBefore(until, order) : empty]);
          const found = snapshot.query<PartialScript>(
            statements.list({ ...page, ...piece.selection, limit: left }, wanted, { ...piece, condition }),
            readOptions(wanted),
          );
          rows = walk.isInOrder ? append(rows, found) : mergeOrdered(rows, found, compare).slice(0, limit);
          return walk.isInOrder && rows.length >= limit;
        });
        return rows;
      });
    },

    count(selection: ScriptSelection): Promise<number> {
      return scan(statements.count(selection), async (snapshot) => {
        let total = 0;
        await walkThrough(snapshot, { ...selection, order: countOrder(selection.filter) }, (_, piece) => {
          const [row] = snapshot.query<{ total: number }>(
            statements.count({ ...selection, ...piece.selection }, piece),
          );
          total += row?.total ?? 0;
          return false;
        });
        return total;
      });
    },
  };

  /** @param look - reads one piece; returns true if no other piece is needed */
  async function walkThrough(
    snapshot: Snapshot,
    page: Omit<ScriptPage, 'limit'>,
    look: (walk: Walk, piece: NonNullable<ReturnType<Walk['next']>>) => boolean,
  ): Promise<void> {
    const isFiltered = statements.matches(page.filter).length > 0;
    const walk = await snapshot.inTurn(() => startWalk(snapshot, page));
    let rows = isFiltered ? firstFilteredRows : firstRows;
    for (let isOver = false; !isOver; ) {
      isOver = await snapshot.inTurn(() => {
        const startedAtMs = performance.now();
        const piece = walk.next(rows);
        if (piece === undefined || look(walk, piece)) return true;
        const speed = pieceMs / Math.max(performance.now() - startedAtMs, 0.01);
        rows = Math.min(maxRows, Math.max(1, Math.floor(rows * Math.min(4, speed))));
        return false;
      });
    }
  }

  function isBefore({ uuid, ...row }: PartialScript, order: ScriptOrder): Sql {
    const value = row[order.field] as string;
    const direction = order.direction === 'asc' ? 'desc' : 'asc';
    return statements.isBehind(
      { value: order.field === 'name' ? value : new Date(value), uuid },
      { ...order, direction },
    );
  }
}

/** Whether the index of an order also answers the filter. */
function isAnsweredBy(
  { field }: ScriptOrder,
  { name, metadata, createdAt, updatedAt }: ScriptFilter,
): boolean {
  const isFree = (range: object | undefined) =>
    Object.values(range ?? {}).every((bound) => bound === undefined);
  return (
    name?.contains === undefined &&
    (name?.equals === undefined || field === 'name') &&
    (metadata ?? []).length === 0 &&
    (isFree(createdAt) || field === 'createdAt') &&
    (isFree(updatedAt) || field === 'updatedAt')
  );
}

/** A count may use any index. The index of a time that the filter bounds is the shortest way. */
function countOrder({ updatedAt }: ScriptFilter): ScriptOrder {
  const isBounded = Object.values(updatedAt ?? {}).some((bound) => bound !== undefined);
  return { field: isBounded ? 'updatedAt' : 'createdAt', direction: 'asc' };
}

function append<Value>(values: Value[], more: readonly Value[]): Value[] {
  for (const value of more) values.push(value);
  return values;
}

/** Creates the function that compares scripts by their places in an order. */
function comparatorOf({ field, direction }: ScriptOrder) {
  const sign = direction === 'asc' ? 1 : -1;
  const placeOf = (row: PartialScript) => ({ value: row[field] as string, uuid: row.uuid });
  return (one: PartialScript, other: PartialScript) => sign * comparePlaces(placeOf(one), placeOf(other));
}
