import { AsyncResource } from 'node:async_hooks';
import type { Sql } from '@prisma/client/runtime/client';
import { inTurn } from '../../in-turn.ts';
import type { CurrentCache } from '../cache/read-cache.ts';
import { shareReads } from '../cache/shared-reads.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { PartialScript } from '../store.ts';
import { bytesOf, isLarge, memoryBytesOf } from './read-sizes.ts';
import { type Projection, readOptions, type ScriptStatements } from './script-statements.ts';

/** A script, and the bytes of its texts. */
export interface Read {
  readonly row: PartialScript;
  readonly bytes: number;
}

/** Finds a script among the scripts of a read. */
export type Finder = (uuid: string) => Read | undefined;

interface Search extends Projection {
  readonly uuids: readonly string[];
}

/** The most scripts of one statement, and the most if they can be large. */
const maxSearched = 1_000;
const maxLargeSearched = 50;

export type ScriptLookUps = ReturnType<typeof createScriptLookUps>;

/** Creates the reads of scripts by UUID. */
export function createScriptLookUps(database: SqlDatabase, statements: ScriptStatements) {
  /** Shares statements between requests of the same time. For few scripts, or small ones. */
  const search = shareReads<Search, Finder>({
    read: (searches) => {
      const current = database.currentCache();
      const finders = new Map<string, Promise<Finder>>();
      // One statement for all searches without template, whatever their columns, and one for each template.
      for (const [key, alike] of groupBy(searches, templateKeyOf)) {
        const columns = [...new Set(alike.flatMap((each) => each.columns))];
        finders.set(key, read(alike, { columns, template: alike[0]?.template }, current));
      }
      return searches.map((each) => finders.get(templateKeyOf(each)) as Promise<Finder>);
    },
  });

  return {
    search,

    /** Reads for one request only. @param uuids - of scripts that are small together */
    searchAlone: (uuids: readonly string[], projection: Projection): Promise<Finder> =>
      read([{ uuids, ...projection }], projection, database.currentCache(), maxSearched),

    /** The scripts that the cache holds, if it is current. */
    findCached: async (
      uuids: readonly string[],
      projection: Projection,
    ): Promise<ReadonlyMap<string, Read>> => {
      const { cache, isCurrent } = database.currentCache();
      const cached = new Map<string, Read>();
      for (const uuid of cache ? uuids : []) {
        const read = cache?.get<Read>(keyOf(projection), uuid);
        if (read !== undefined) cached.set(uuid, read);
      }
      return (await isCurrent) ? cached : new Map();
    },

    lookUp,
  };

  /** Reads the scripts that the cache does not hold. */
  async function read(
    searches: readonly Search[],
    projection: Projection,
    { cache, isCurrent }: CurrentCache,
    most = isLarge(maxSearched, projection) ? maxLargeSearched : maxSearched,
  ): Promise<Finder> {
    const group = keyOf(projection);
    const [missing, cached] = [new Set<string>(), new Map<string, Read>()];
    for (const { uuids } of searches) {
      for (const uuid of uuids) {
        if (missing.has(uuid) || cached.has(uuid)) continue;
        const known = cache?.get<Read>(group, uuid);
        if (known === undefined) missing.add(uuid);
        else cached.set(uuid, known);
      }
    }
    // The missing scripts are read while the database answers its version.
    const [found, isValid] = await Promise.all([lookUp([...missing], projection, { most }), isCurrent]);
    const rows = isValid ? found : [...found, ...(await lookUp([...cached.keys()], projection, { most }))];
    const reads = isValid ? cached : new Map<string, Read>();
    for (const row of rows) {
      const one = { row, bytes: bytesOf(row) };
      reads.set(row.uuid, one);
      if (isValid) cache?.set(group, row.uuid, one, memoryBytesOf(row));
    }
    return (uuid) => reads.get(uuid);
  }

  /**
   * Reads scripts by statements that are short each.
   *
   * @param uuids - each once
   * @param options - the `most` scripts of one statement, and what each selects `more`
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
  return `${columns.join()} ${sized.join()} ${templateKeyOf(projection)}`;
}

function templateKeyOf({ template }: Projection): string {
  return template?.key ?? '';
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
