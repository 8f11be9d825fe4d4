import { sqltag as sql } from '@prisma/client/runtime/client';
import { createGrantedLists, type Found } from '../cache/granted-lists.ts';
import { cacheReads } from '../cache/shared-reads.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { PartialScript, ReadBudget, ScriptPage, ScriptStore, Visibility } from '../store.ts';
import type { ReadInParts } from './part-reads.ts';
import { bytesOf, isLarge, memoryBytesOf, type Outlined, outlineOf, partsOf } from './read-sizes.ts';
import { keyOf, type ScriptLookUps } from './script-look-ups.ts';
import type { ScriptScans } from './script-scans.ts';
import { type Projection, readOptions, type ScriptStatements } from './script-statements.ts';

export interface ScriptListDependencies {
  readonly database: SqlDatabase;
  readonly dialect: Dialect;
  readonly statements: ScriptStatements;
  readonly lookUps: ScriptLookUps;
  readonly scans: ScriptScans | undefined;
  readonly readInParts: ReadInParts;
}

interface Listing extends Projection {
  readonly page: ScriptPage;
}

/** Scripts, and the bytes of all their texts. */
interface Listed {
  readonly rows: readonly PartialScript[];
  readonly bytes: number;
}

/** Creates the lists of scripts. Each way of reading answers the same page. */
export function createScriptLists({
  database,
  dialect,
  statements,
  lookUps,
  scans,
  readInParts,
}: ScriptListDependencies): ScriptStore['list'] {
  const listGranted = createGrantedLists(database, dialect);

  const listCached = cacheReads<Listing, Listed>(database, {
    group: 'lists',
    keyOf: listingKey,
    read: async (listing) => {
      const rows = await listVisible(listing);
      return { rows, bytes: rows.reduce((total, row) => total + bytesOf(row), 0) };
    },
    bytesOf: ({ rows }) => rows.reduce((total, row) => total + memoryBytesOf(row), 0),
  });

  return async (page, columns, template, budget) => {
    const projection = { columns, template };
    return isLarge(page.limit, projection)
      ? listLarge(page, projection, budget)
      : listAtOnce(page, projection, budget);
  };

  async function listAtOnce(
    page: ScriptPage,
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<readonly PartialScript[]> {
    const { rows, bytes } = await listCached({ page, ...projection });
    budget?.spendOnReading(bytes);
    return rows;
  }

  /**
   * Reads the order and the sizes of the scripts first. Scripts that are small together are then read at once, others in
   * parts. A script that is deleted between is left out.
   */
  async function listLarge(
    page: ScriptPage,
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<readonly PartialScript[]> {
    const { field } = page.order;
    const { rows } = await listCached({ page, ...outlineOf(projection, field) });
    const outlines = rows as readonly Outlined[];
    if (partsOf(outlines).length <= 1) return listAtOnce(page, projection, budget);
    const found = await readInParts(outlines, projection, budget);
    return outlines.flatMap((outline) => {
      const row = found.get(outline.uuid)?.row;
      if (row === undefined) return [];
      const hasMoved = row[field] !== undefined && row[field] !== outline[field];
      return hasMoved ? { ...row, placedBy: outline[field] as string } : row;
    });
  }

  async function listVisible({ page, ...projection }: Listing): Promise<readonly PartialScript[]> {
    const { visible, filter } = page;
    const hasFilter = statements.matches(filter).length > 0;
    if (visible !== 'all' && !hasFilter) {
      const rows = await listGranted(visible, page, (uuids) => fetchGranted(uuids, projection));
      if (rows !== undefined) return rows;
    }
    if (scans?.isLongList(page)) return scans.list(page, projection);
    const isPlannedAnew = visible !== 'all' || hasFilter;
    return database.query<PartialScript>(statements.list(page, projection), {
      ...readOptions(projection),
      isPlannedAnew,
    });
  }

  /** Also reads the number of the newest change. */
  function fetchGranted(uuids: readonly string[], projection: Projection) {
    const withRevision = { ...projection, columns: [...projection.columns, 'revision'] as const };
    return lookUps.lookUp(uuids, withRevision, { more: newestChange }) as Promise<(PartialScript & Found)[]>;
  }
}

const newestChange = sql`, (SELECT max("changed_in") FROM "dtrace_scripts") AS "newestChange"`;

function listingKey({ page: { visible, filter, order, after, limit }, ...projection }: Listing): string {
  return `${numberOf(visible)} ${JSON.stringify([filter, order, after, limit])} ${keyOf(projection)}`;
}

/** A number for each set of UUIDs, as sets are too long to compare. A user keeps the same set until the grants change. */
export function numberOf(visible: Visibility): number {
  if (visible === 'all') return 0;
  let number = numbers.get(visible);
  if (number === undefined) {
    lastNumber += 1;
    number = lastNumber;
    numbers.set(visible, number);
  }
  return number;
}

const numbers = new WeakMap<ReadonlySet<string>, number>();
let lastNumber = 0;
