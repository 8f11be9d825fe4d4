import { sqltag as sql } from '@prisma/client/runtime/client';
import { inTurn } from '../../in-turn.ts';
import { createGrantedLists, type Found } from '../cache/granted-lists.ts';
import { cacheReads } from '../cache/shared-reads.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type {
  PartialScript,
  ReadBudget,
  ScriptPage,
  ScriptSelection,
  ScriptStore,
  Visibility,
} from '../store.ts';
import { bytesOf, isLarge, memoryBytesOf, type Outlined, outlineOf, partsOf } from './read-sizes.ts';
import { createScriptLookUps, type Finder, keyOf, type Read } from './script-look-ups.ts';
import { createScriptScans } from './script-scans.ts';
import { createScriptStatements, type Projection, readOptions } from './script-statements.ts';

interface Listing extends Projection {
  readonly page: ScriptPage;
}

/** Scripts, and the bytes of all their texts. */
interface Listed {
  readonly rows: readonly PartialScript[];
  readonly bytes: number;
}

/** Creates the reads of scripts. Requests of the same time share statements, and answers are cached. */
export function createScriptReads(
  database: SqlDatabase,
  dialect: Dialect,
): Pick<ScriptStore, 'list' | 'findMany' | 'count'> {
  const statements = createScriptStatements(dialect);
  const { lookUp, findCached, search, searchAlone } = createScriptLookUps(database, statements);
  const scans = database.scan && createScriptScans(database.scan, statements);
  const listGranted = createGrantedLists(database, dialect);

  const listShared = cacheReads<Listing, Listed>(database, {
    group: 'lists',
    keyOf: listingKey,
    read: async (listing) => {
      const rows = await listVisible(listing);
      return { rows, bytes: rows.reduce((total, row) => total + bytesOf(row), 0) };
    },
    bytesOf: ({ rows }) => rows.reduce((total, row) => total + memoryBytesOf(row), 0),
  });
  const countShared = cacheReads<ScriptSelection, number>(database, {
    group: 'counts',
    keyOf: ({ visible, filter }) => `${numberOf(visible)} ${JSON.stringify(filter)}`,
    read: count,
    bytesOf: () => 0,
  });

  return {
    list: async (page, columns, template, budget) => {
      const projection = { columns, template };
      return isLarge(page.limit, projection)
        ? listLarge(page, projection, budget)
        : listAtOnce(page, projection, budget);
    },

    findMany: async (uuids, columns, template, budget) => {
      if (uuids.length === 0) return [];
      const projection = { columns, template };
      const distinct = uuids.length === 1 ? uuids : [...new Set(uuids)];
      const find = isLarge(distinct.length, projection)
        ? await findLarge(uuids, distinct, projection, budget)
        : await search({ uuids: distinct, ...projection });
      return uuids.map((uuid) => {
        const read = find(uuid);
        if (read === undefined) return null;
        budget?.spendOnReading(read.bytes);
        return read.row;
      });
    },

    count: countShared,
  };

  async function listAtOnce(
    page: ScriptPage,
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<readonly PartialScript[]> {
    const { rows, bytes } = await listShared({ page, ...projection });
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
    const { rows } = await listShared({ page, ...outlineOf(projection, field) });
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

  /** Reads the sizes first of the scripts that are not cached. */
  async function findLarge(
    uuids: readonly string[],
    distinct: readonly string[],
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<Finder> {
    const cached = await findCached(distinct, projection);
    const missing = cached.size === distinct.length ? [] : distinct.filter((uuid) => !cached.has(uuid));
    if (missing.length === 0) return (uuid) => cached.get(uuid);
    const times = new Map<string, number>();
    for (const uuid of uuids) times.set(uuid, (times.get(uuid) ?? 0) + 1);
    const outlines = (await lookUp(missing, outlineOf(projection))) as Outlined[];
    // Only a check: `findMany` counts the bytes that are read.
    budget?.checkReading(
      outlines.reduce((total, { uuid, bytes }) => total + bytes * (times.get(uuid) ?? 1), 0),
    );
    const found = await readInParts(outlines, projection);
    return (uuid) => cached.get(uuid) ?? found.get(uuid);
  }

  /**
   * Reads scripts in parts of bounded size. Other requests get their turn between the parts.
   *
   * @throws the error of the budget, before a read that is beyond it
   */
  async function readInParts(
    outlines: readonly Pick<Outlined, 'uuid' | 'bytes'>[],
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<Map<string, Read>> {
    for (const { bytes } of outlines) budget?.spendOnReading(bytes);
    const found = new Map<string, Read>();
    for (const part of partsOf(outlines)) {
      await inTurn(() => undefined);
      const find = await searchAlone(
        part.map(({ uuid }) => uuid),
        projection,
      );
      for (const { uuid, bytes } of part) {
        const read = find(uuid);
        if (read === undefined) continue;
        // The script may be longer as JSON, or may have grown since.
        if (read.bytes > bytes) budget?.spendOnReading(read.bytes - bytes);
        found.set(uuid, read);
      }
    }
    return found;
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
    return lookUp(uuids, withRevision, { more: newestChange }) as Promise<(PartialScript & Found)[]>;
  }

  async function count(selection: ScriptSelection): Promise<number> {
    if (scans?.isLongCount(selection)) return scans.count(selection);
    const [row] = await database.query<{ total: number }>(statements.count(selection), {
      isPlannedAnew: true,
    });
    return row?.total ?? 0;
  }
}

const newestChange = sql`, (SELECT max("changed_in") FROM "dtrace_scripts") AS "newestChange"`;

function listingKey({ page: { visible, filter, order, after, limit }, ...projection }: Listing): string {
  return `${numberOf(visible)} ${JSON.stringify([filter, order, after, limit])} ${keyOf(projection)}`;
}

/** A number for each set of UUIDs, as sets are too long to compare. A user keeps the same set until the grants change. */
function numberOf(visible: Visibility): number {
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
