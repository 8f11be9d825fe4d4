import { empty, join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { type DtraceScriptColumn, dtraceScriptColumns, type ScriptText } from '../scripts/dtrace-script.ts';
import { JsonText } from '../scripts/json-text.ts';
import type { Database, QueryOptions } from './database.ts';
import type { Dialect } from './dialect.ts';
import { createGrantedLists, type Found } from './granted-lists.ts';
import { type Recalled, textBytes } from './memory.ts';
import { keepReads, shareReads } from './shared-reads.ts';
import type {
  DateTimeRange,
  MetadataCondition,
  PartialScript,
  ScriptFilter,
  ScriptOrder,
  ScriptPage,
  ScriptPosition,
  ScriptSelection,
  ScriptStore,
  Visibility,
} from './store.ts';

/** What is read of each script. */
interface Projection {
  readonly columns: readonly DtraceScriptColumn[];
  readonly text: ScriptText | undefined;
}

interface Search extends Projection {
  readonly uuids: readonly string[];
}

/** Finds a script among those that were read. */
type Finder = Promise<(uuid: string) => PartialScript | undefined>;

interface Listing extends Projection {
  readonly page: ScriptPage;
}

/** What a script takes in memory besides its texts, and besides each of its values. */
const [scriptBytes, valueBytes] = [64, 48];

/** How many scripts one statement looks up at most. */
const maxSearched = 1_000;

/**
 * The scripts in the database as they are read. Requests that ask at the same time share statements; what was read stays
 * in the database's memory for as long as that lasts.
 */
export function createScriptReads(
  database: Database,
  dialect: Dialect,
): Pick<ScriptStore, 'list' | 'findMany' | 'count'> {
  const listGranted = createGrantedLists(database, dialect, columnNames);
  const search = shareReads<Search, readonly (PartialScript | null)[]>({
    read: (searches) => {
      const recalled = database.recall();
      const finders = new Map<string, Finder>();
      // One statement for all that want columns, whichever, and one for each text.
      for (const [key, alike] of groupBy(searches, textKeyOf)) {
        const columns = [...new Set(alike.flatMap((each) => each.columns))];
        finders.set(key, createFinder(alike, { columns, text: alike[0]?.text }, recalled));
      }
      return searches.map(async (each) => {
        const find = await finders.get(textKeyOf(each));
        return each.uuids.map((uuid) => find?.(uuid) ?? null);
      });
    },
  });

  const listShared = keepReads<Listing, readonly PartialScript[]>(database, {
    group: 'lists',
    keyOf: listingKey,
    read: listVisible,
    bytesOf: (rows) => rows.reduce((total, row) => total + bytesOf(row), 0),
  });
  const countShared = keepReads<ScriptSelection, number>(database, {
    group: 'counts',
    keyOf: ({ visible, filter }) => `${numberOf(visible)} ${JSON.stringify(filter)}`,
    read: count,
    bytesOf: () => 0,
  });

  return {
    list: (page, columns, text) => listShared({ page, columns, text }),

    findMany: async (uuids, columns, text) => (uuids.length === 0 ? [] : search({ uuids, columns, text })),

    count: countShared,
  };

  async function listVisible({ page, columns, text }: Listing): Promise<PartialScript[]> {
    const { visible, filter } = page;
    if (visible === 'all' || matches(filter).length > 0) return listFrom({ page, columns, text });
    const projection = { columns: [...columns, 'revision'] as const, text };
    const rows = await listGranted(visible, page, (uuids) =>
      database.query<PartialScript & Found>(
        findStatement(uuids, projection, newestChange),
        options(projection),
      ),
    );
    return rows ?? listFrom({ page, columns, text });
  }

  async function count({ visible, filter }: ScriptSelection): Promise<number> {
    const [row] = await database.query<{ total: number }>(
      sql`
      SELECT count(*) AS "total" FROM "dtrace_scripts" WHERE ${all([isVisible(visible), ...matches(filter)])}`,
      { isPlannedAnew: true },
    );
    return row?.total ?? 0;
  }

  function listFrom({ page, ...projection }: Listing): Promise<PartialScript[]> {
    const isPlannedAnew = page.visible !== 'all' || matches(page.filter).length > 0;
    return database.query(listStatement(page, projection), { ...options(projection), isPlannedAnew });
  }

  /** Reads what is wanted and not known. */
  async function createFinder(
    searches: readonly Search[],
    projection: Projection,
    { memory, isCurrent }: Recalled,
  ): Finder {
    const group = keyOf(projection);
    const [missing, kept] = [new Set<string>(), new Map<string, PartialScript>()];
    for (const { uuids } of searches) {
      for (const uuid of uuids) {
        if (missing.has(uuid) || kept.has(uuid)) continue;
        const known = memory?.get<PartialScript>(group, uuid);
        if (known === undefined) missing.add(uuid);
        else kept.set(uuid, known);
      }
    }
    // What is not known is read meanwhile.
    const [found, isKnown] = await Promise.all([lookUp(missing, projection), isCurrent]);
    const rows = isKnown ? found : [...found, ...(await lookUp(kept.keys(), projection))];
    const read = isKnown ? kept : new Map<string, PartialScript>();
    for (const row of rows) {
      read.set(row.uuid, row);
      if (isKnown) memory?.keep(group, row.uuid, row, bytesOf(row));
    }
    return (uuid) => read.get(uuid);
  }

  async function lookUp(uuids: Iterable<string>, projection: Projection): Promise<PartialScript[]> {
    const left = [...uuids];
    const parts: Promise<PartialScript[]>[] = [];
    for (let start = 0; start < left.length; start += maxSearched) {
      const statement = findStatement(left.slice(start, start + maxSearched), projection);
      parts.push(database.query<PartialScript>(statement, options(projection)));
    }
    return (await Promise.all(parts)).flat();
  }

  function listStatement({ visible, filter, order, after, limit }: ScriptPage, projection: Projection): Sql {
    return sql`
      SELECT ${selected(projection)} FROM "dtrace_scripts"
      WHERE ${all([isVisible(visible), ...matches(filter), after ? isBehind(after, order) : sql`TRUE`])}
      ORDER BY ${raw(`${columnNames[order.field]} ${order.direction}, "uuid" ${order.direction}`)}
      LIMIT ${limit}`;
  }

  function findStatement(uuids: readonly string[], projection: Projection, more: Sql = empty): Sql {
    const [first, ...others] = uuids;
    const isFound =
      first !== undefined && others.length === 0
        ? sql`"uuid" = ${dialect.uuid(first)}`
        : dialect.uuidIsOneOf(uuids);
    return sql`SELECT ${selected(projection)}${more} FROM "dtrace_scripts" WHERE ${isFound}`;
  }

  function isVisible(visible: Visibility): Sql {
    return visible === 'all' ? sql`TRUE` : dialect.uuidIsOneOf(visible);
  }

  function isBehind({ value, uuid }: ScriptPosition, { field, direction }: ScriptOrder): Sql {
    const column = raw(columnNames[field]);
    const comparison = raw(direction === 'asc' ? '>' : '<');
    return sql`(${column}, "uuid") ${comparison} (${value}, ${dialect.uuid(uuid)})`;
  }

  function matches(filter: ScriptFilter): Sql[] {
    return [
      filter.name?.equals === undefined ? empty : sql`"name" = ${filter.name.equals}`,
      filter.name?.contains === undefined ? empty : dialect.nameContains(filter.name.contains),
      ...(filter.metadata ?? []).flatMap(hasMetadata),
      ...isWithin('createdAt', filter.createdAt),
      ...isWithin('updatedAt', filter.updatedAt),
    ].filter((condition) => condition !== empty);
  }

  function hasMetadata(condition: MetadataCondition): Sql[] {
    const { path, isSet } = condition;
    const set = dialect.metadataIsSet(path);
    return [
      ...(isSet === undefined ? [] : [isSet ? set : sql`NOT (${set})`]),
      ...('equals' in condition ? [dialect.metadataEquals(path, condition.equals)] : []),
    ];
  }
}

const columnNames: Readonly<Record<DtraceScriptColumn, string>> = {
  uuid: '"uuid"',
  name: '"name"',
  script: '"script"',
  config: '"config"',
  metadata: '"metadata"',
  revision: '"revision"',
  createdAt: '"created_at"',
  updatedAt: '"updated_at"',
};

const newestChange = sql`, (SELECT max("changed_in") FROM "dtrace_scripts") AS "newestChange"`;

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function keyOf(projection: Projection): string {
  return `${projection.columns.join()} ${textKeyOf(projection)}`;
}

function textKeyOf({ text }: Projection): string {
  return text?.key ?? '';
}

function listingKey({ page: { visible, filter, order, after, limit }, ...projection }: Listing): string {
  return `${numberOf(visible)} ${JSON.stringify([filter, order, after, limit])} ${keyOf(projection)}`;
}

/** Tells sets of scripts apart, which are too long to be compared: somebody has the same one until their grants change. */
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

/** How many bytes a script takes in memory. */
function bytesOf(script: PartialScript): number {
  let bytes = scriptBytes;
  for (const value of Object.values(script)) {
    bytes += valueBytes;
    if (typeof value === 'string') bytes += textBytes(value);
    else if (value instanceof JsonText) bytes += textBytes(value.text);
  }
  return bytes;
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

function selected({ columns, text }: Projection): Sql {
  const wanted = new Set<string>(['uuid', ...columns, ...(text?.members.map(([, value]) => value) ?? [])]);
  const names = dtraceScriptColumns.filter((name) => wanted.has(name));
  const key = names.join();
  let selection = selections.get(key);
  if (selection === undefined) {
    selection = raw(names.map((name) => `${columnNames[name]} AS "${name}"`).join(', '));
    selections.set(key, selection);
  }
  return selection;
}

/** By the columns: of eight there are 128 sets that hold `uuid`. */
const selections = new Map<string, Sql>();

/** Scripts are only passed on. */
function options({ columns, text }: Projection): QueryOptions {
  return {
    asText: true,
    text: text && { shape: text, besides: new Set(['uuid', 'newestChange', ...columns]) },
  };
}

function isWithin(field: 'createdAt' | 'updatedAt', range: DateTimeRange | undefined): Sql[] {
  return Object.entries(comparisons).flatMap(([bound, comparison]) => {
    const at = range?.[bound as keyof typeof comparisons];
    return at === undefined ? [] : [sql`${raw(columnNames[field])} ${raw(comparison)} ${at}`];
  });
}

function all(conditions: readonly Sql[]): Sql {
  return join(conditions, ' AND ');
}
