import { cacheReads } from '../cache/shared-reads.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { ReadBudget, ScriptSelection, ScriptStore } from '../store.ts';
import { createPartReads } from './part-reads.ts';
import { isLarge, type Outlined, outlineOf } from './read-sizes.ts';
import { createScriptLists, numberOf } from './script-lists.ts';
import { createScriptLookUps, type Finder } from './script-look-ups.ts';
import { createScriptScans } from './script-scans.ts';
import { createScriptStatements, type Projection } from './script-statements.ts';

/** Creates the reads of scripts. Requests of the same time share statements, and answers are cached. */
export function createScriptReads(
  database: SqlDatabase,
  dialect: Dialect,
): Pick<ScriptStore, 'list' | 'findMany' | 'count'> {
  const statements = createScriptStatements(dialect);
  const lookUps = createScriptLookUps(database, statements);
  const scans = database.scan && createScriptScans(database.scan, statements);
  const readInParts = createPartReads(lookUps);
  const { lookUp, findCached, search } = lookUps;

  const countCached = cacheReads<ScriptSelection, number>(database, {
    group: 'counts',
    keyOf: ({ visible, filter }) => `${numberOf(visible)} ${JSON.stringify(filter)}`,
    read: count,
    bytesOf: () => 0,
  });

  return {
    list: createScriptLists({ database, dialect, statements, lookUps, scans, readInParts }),

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

    count: countCached,
  };

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

  async function count(selection: ScriptSelection): Promise<number> {
    if (scans?.isLongCount(selection)) return scans.count(selection);
    const [row] = await database.query<{ total: number }>(statements.count(selection), {
      isPlannedAnew: true,
    });
    return row?.total ?? 0;
  }
}
