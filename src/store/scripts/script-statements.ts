import { empty, join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import {
  type DtraceScriptColumn,
  dtraceScriptColumns,
  type ScriptText,
} from '../../scripts/dtrace-script.ts';
import type { QueryOptions } from '../sql/database.ts';
import type { Dialect, TextColumn } from '../sql/dialect.ts';
import type {
  DateTimeRange,
  MetadataCondition,
  ScriptFilter,
  ScriptOrder,
  ScriptPage,
  ScriptPosition,
  ScriptSelection,
  Visibility,
} from '../store.ts';

/** What is read of each script. */
export interface Projection {
  readonly columns: readonly DtraceScriptColumn[];
  readonly text: ScriptText | undefined;
  /** The columns whose sizes are added up as `bytes`, each as often as it is named. */
  readonly sized?: readonly TextColumn[];
}

/** Where to look for scripts, and on which further condition. */
export interface Place {
  /** The table, perhaps by a certain index. */
  readonly table: Sql;
  readonly condition: Sql;
}

export type ScriptStatements = ReturnType<typeof createScriptStatements>;

/** The statements that read scripts. */
export function createScriptStatements(dialect: Dialect) {
  /** By the columns, of which there are few. */
  const selections = new Map<string, Sql>();

  return {
    list(
      { visible, filter, order, after, limit }: ScriptPage,
      projection: Projection,
      place = anywhere,
    ): Sql {
      const conditions = [isVisible(visible), ...matches(filter), after ? isBehind(after, order) : empty];
      return sql`
        SELECT ${selected(projection)} FROM ${place.table} WHERE ${all([...conditions, place.condition])}
        ORDER BY ${inOrder(order)} LIMIT ${limit}`;
    },

    count({ visible, filter }: ScriptSelection, place = anywhere): Sql {
      return sql`
        SELECT count(*) AS "total" FROM ${place.table}
        WHERE ${all([isVisible(visible), ...matches(filter), place.condition])}`;
    },

    /** @param more - to be selected besides */
    find(uuids: readonly string[], projection: Projection, more: Sql = empty): Sql {
      const [first, ...others] = uuids;
      const isFound =
        first !== undefined && others.length === 0
          ? sql`"uuid" = ${dialect.uuid(first)}`
          : dialect.uuidIsOneOf(uuids);
      return sql`SELECT ${selected(projection)}${more} FROM "dtrace_scripts" WHERE ${isFound}`;
    },

    isBehind,
    matches,
  };

  function isVisible(visible: Visibility): Sql {
    return visible === 'all' ? empty : dialect.uuidIsOneOf(visible);
  }

  function isBehind({ value, uuid }: ScriptPosition, { field, direction }: ScriptOrder): Sql {
    const comparison = raw(direction === 'asc' ? '>' : '<');
    return sql`(${raw(columnNames[field])}, "uuid") ${comparison} (${value}, ${dialect.uuid(uuid)})`;
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

  function selected({ columns, text, sized = [] }: Projection): Sql {
    const wanted = new Set<string>(['uuid', ...columns, ...(text?.members.map(([, value]) => value) ?? [])]);
    const names = dtraceScriptColumns.filter((name) => wanted.has(name));
    const key = [...names, 'and', ...sized].join();
    let selection = selections.get(key);
    if (selection === undefined) {
      const sizes = sized.map((column) => dialect.storedBytes(column));
      selection = join([
        ...names.map((name) => raw(`${columnNames[name]} AS "${name}"`)),
        ...(sizes.length === 0 ? [] : [sql`${join(sizes, ' + ')} AS "bytes"`]),
      ]);
      if (selections.size < maxSelections) selections.set(key, selection);
    }
    return selection;
  }
}

export const columnNames: Readonly<Record<DtraceScriptColumn, string>> = {
  uuid: '"uuid"',
  name: '"name"',
  script: '"script"',
  config: '"config"',
  metadata: '"metadata"',
  revision: '"revision"',
  createdAt: '"created_at"',
  updatedAt: '"updated_at"',
};

const maxSelections = 500;

const anywhere: Place = { table: sql`"dtrace_scripts"`, condition: empty };

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** Scripts are only passed on. */
export function readOptions({ columns, text }: Projection): QueryOptions {
  return {
    asText: true,
    text: text && { shape: text, besides: new Set(['uuid', 'newestChange', ...columns]) },
  };
}

export function inOrder({ field, direction }: ScriptOrder): Sql {
  return raw(`${columnNames[field]} ${direction}, "uuid" ${direction}`);
}

/** That a time is within the bounds. */
export function isWithin(field: 'createdAt' | 'updatedAt', range: DateTimeRange | undefined): Sql[] {
  return Object.entries(comparisons).flatMap(([bound, comparison]) => {
    const at = range?.[bound as keyof typeof comparisons];
    return at === undefined ? [] : [sql`${raw(columnNames[field])} ${raw(comparison)} ${at}`];
  });
}

/** All conditions that are any. */
export function all(conditions: readonly Sql[]): Sql {
  const given = conditions.filter((condition) => condition !== empty);
  return given.length === 0 ? sql`TRUE` : join(given, ' AND ');
}
