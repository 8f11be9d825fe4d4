import { empty, join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { DtraceScriptColumn } from '../../dtrace/dtrace-script.ts';
import type { ScriptTemplate } from '../../dtrace/script-template.ts';
import { aliased } from '../sql/columns.ts';
import type { QueryOptions } from '../sql/database.ts';
import type { Dialect, LargeColumn } from '../sql/dialect.ts';
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
import { columnOf, scriptColumnNames, scriptColumns } from './script-columns.ts';

/** What to read of each script. */
export interface Projection {
  readonly columns: readonly DtraceScriptColumn[];
  readonly template: ScriptTemplate | undefined;
  /** Columns whose sizes are added up as `bytes`. A column counts as often as it is listed. */
  readonly sized?: readonly LargeColumn[];
}

/** A table, or one of its indexes, and a further condition. */
export interface Place {
  readonly table: Sql;
  readonly condition: Sql;
}

export type ScriptStatements = ReturnType<typeof createScriptStatements>;

/** Creates the functions that write the SQL for reading scripts. */
export function createScriptStatements(dialect: Dialect) {
  const selected = createSelections(dialect);

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

    /** @param more - is selected as well */
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
    return sql`(${columnOf(field)}, "uuid") ${comparison} (${value}, ${dialect.uuid(uuid)})`;
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

/** Enough for the combinations of columns that clients ask for. */
const maxSelections = 500;

/** Creates the function that lists what a SELECT reads. Lists are cached by their columns. */
function createSelections(dialect: Dialect): (projection: Projection) => Sql {
  const selections = new Map<string, Sql>();
  return ({ columns, template, sized = [] }) => {
    const wanted = new Set<DtraceScriptColumn>(['uuid', ...columns, ...(template?.columns ?? [])]);
    const names = scriptColumnNames.filter((name) => wanted.has(name));
    const key = [...names, 'and', ...sized].join();
    let selection = selections.get(key);
    if (selection === undefined) {
      const sizes = sized.map((column) => dialect.storedBytes(column));
      selection = join([
        ...names.map((name) => raw(aliased(name, scriptColumns[name]))),
        ...(sizes.length === 0 ? [] : [sql`${join(sizes, ' + ')} AS "bytes"`]),
      ]);
      if (selections.size < maxSelections) selections.set(key, selection);
    }
    return selection;
  };
}

const anywhere: Place = { table: sql`"dtrace_scripts"`, condition: empty };

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The options for answers that only pass scripts on. */
export function readOptions({ columns, template }: Projection): QueryOptions {
  return {
    asText: true,
    text: template && { template, besides: new Set(['uuid', 'newestChange', ...columns]) },
  };
}

export function inOrder({ field, direction }: ScriptOrder): Sql {
  return sql`${columnOf(field)} ${raw(direction)}, "uuid" ${raw(direction)}`;
}

/** The conditions of a range of times. */
export function isWithin(field: 'createdAt' | 'updatedAt', range: DateTimeRange | undefined): Sql[] {
  return Object.entries(comparisons).flatMap(([bound, comparison]) => {
    const at = range?.[bound as keyof typeof comparisons];
    return at === undefined ? [] : [sql`${columnOf(field)} ${raw(comparison)} ${at}`];
  });
}

/** One condition that requires all; empty ones are left out. */
export function all(conditions: readonly Sql[]): Sql {
  const given = conditions.filter((condition) => condition !== empty);
  return given.length === 0 ? sql`TRUE` : join(given, ' AND ');
}
