import { AsyncResource } from 'node:async_hooks';
import type { Sql } from '@prisma/client/runtime/client';
import { inTurn } from '../../in-turn.ts';
import type { Recalled } from '../cache/read-cache.ts';
import { shareReads } from '../cache/shared-reads.ts';
import type { Database } from '../sql/database.ts';
import type { PartialScript } from '../store.ts';
import { bytesOf, isLarge, memoryBytesOf } from './read-sizes.ts';
import { type Projection, readOptions, type ScriptStatements } from './script-statements.ts';

/** A script, and how many bytes its texts have. */
export interface Read {
  readonly row: PartialScript;
  readonly bytes: number;
}

/** Finds a script among those that were read. */
export type Finder = (uuid: string) => Read | undefined;

interface Search extends Projection {
  readonly uuids: readonly string[];
}

/** How many scripts one statement looks up at most, and of those that can be large. */
const maxSearched = 1_000;
const maxLargeSearched = 50;

/** The look-up of scripts by their UUIDs. */
export function createScriptLookUps(database: Database, statements: ScriptStatements) {
  /** Shares statements with all who ask at the same time: for few scripts, or small ones. */
  const search = shareReads<Search, Finder>({
    read: (searches) => {
      const recalled = database.recall();
      const finders = new Map<string, Promise<Finder>>();
      // One statement for all that want columns, whichever, and one for each text.
      for (const [key, alike] of groupBy(searches, textKeyOf)) {
        const columns = [...new Set(alike.flatMap((each) => each.columns))];
        finders.set(key, read(alike, { columns, text: alike[0]?.text }, recalled));
      }
      return searches.map((each) => finders.get(textKeyOf(each)) as Promise<Finder>);
    },
  });

  return {
    search,

    /** Reads for one who asks. @param uuids - of scripts that are small together */
    searchAlone: (uuids: readonly string[], projection: Projection): Promise<Finder> =>
      read([{ uuids, ...projection }], projection, database.recall(), maxSearched),

    /** Those of some scripts that are kept in memory, as the database has them now. */
    remembered: async (
      uuids: readonly string[],
      projection: Projection,
    ): Promise<ReadonlyMap<string, Read>> => {
      const { memory, isCurrent } = database.recall();
      const kept = new Map<string, Read>();
      for (const uuid of memory ? uuids : []) {
        const read = memory?.get<Read>(keyOf(projection), uuid);
        if (read !== undefined) kept.set(uuid, read);
      }
      return (await isCurrent) ? kept : new Map();
    },

    lookUp,
  };

  /** Reads what is wanted and not known. */
  async function read(
    searches: readonly Search[],
    projection: Projection,
    { memory, isCurrent }: Recalled,
    most = isLarge(maxSearched, projection) ? maxLargeSearched : maxSearched,
  ): Promise<Finder> {
    const group = keyOf(projection);
    const [missing, kept] = [new Set<string>(), new Map<string, Read>()];
    for (const { uuids } of searches) {
      for (const uuid of uuids) {
        if (missing.has(uuid) || kept.has(uuid)) continue;
        const known = memory?.get<Read>(group, uuid);
        if (known === undefined) missing.add(uuid);
        else kept.set(uuid, known);
      }
    }
    // What is not known is read meanwhile.
    const [found, isKnown] = await Promise.all([lookUp([...missing], projection, { most }), isCurrent]);
    const rows = isKnown ? found : [...found, ...(await lookUp([...kept.keys()], projection, { most }))];
    const reads = isKnown ? kept : new Map<string, Read>();
    for (const row of rows) {
      const one = { row, bytes: bytesOf(row) };
      reads.set(row.uuid, one);
      if (isKnown) memory?.keep(group, row.uuid, one, memoryBytesOf(row));
    }
    return (uuid) => reads.get(uuid);
  }

  /**
   * Reads scripts in statements that are short each.
   *
   * @param uuids - each once
   * @param options - how many one statement reads at `most`, and what is selected besides
   */
  async function lookUp(
    uuids: readonly string[],
    projection: Projection,
    { most = maxSearched, more }: { readonly most?: number; readonly more?: Sql } = {},
  ): Promise<PartialScript[]> {
    if (uuids.length === 0) return [];
    const query = (some: readonly string[]) =>
      database.query<PartialScript>(statements.find(some, projection, more), readOptions(projection));
    if (uuids.length <= most) return query(uuids);
    const parts: Promise<PartialScript[]>[] = [];
    for (let start = 0; start < uuids.length; start += most) {
      parts.push(Promise.resolve(inTurn(AsyncResource.bind(() => query(uuids.slice(start, start + most))))));
    }
    return (await Promise.all(parts)).flat();
  }
}

export function keyOf(projection: Projection): string {
  const { columns, sized = [] } = projection;
  return `${columns.join()} ${sized.join()} ${textKeyOf(projection)}`;
}

function textKeyOf({ text }: Projection): string {
  return text?.key ?? '';
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
