import { empty, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Snapshot } from '../sql/database.ts';
import type {
  OrderField,
  ScriptFilter,
  ScriptOrder,
  ScriptPage,
  ScriptPosition,
  ScriptSelection,
} from '../store.ts';
import { columnOf, scriptColumns } from './script-columns.ts';
import { all, inOrder, isWithin, type Place, type ScriptStatements } from './script-statements.ts';

/** Goes through all scripts that can belong to a selection, piece by piece. */
export interface Walk {
  /** Whether the pieces come in the order of the page. */
  readonly isInOrder: boolean;
  /** @returns the place of the next scripts, about `rows` of them; undefined at the end */
  next(rows: number): Piece | undefined;
}

export interface Piece extends Place {
  /** Replaces parts of the selection within the piece. */
  readonly selection: Partial<ScriptSelection>;
}

/** Sorting up to so many scripts is faster than walking through an index that the filter does not bound. */
const maxSorted = 10_000;

/** A part of the index of a field. Equal values are ordered by UUID. */
interface Range {
  readonly order: ScriptOrder;
  readonly conditions: readonly Sql[];
}

/** For SQLite. Statements name the index, because SQLite does not know which values it holds. */
export function createWalks({ isBehind }: ScriptStatements) {
  return function startWalk(
    snapshot: Snapshot,
    { visible, filter, order, after }: Omit<ScriptPage, 'limit'>,
  ): Walk {
    if (visible !== 'all') return throughSet(visible);
    const range = rangeIn(order.field, filter, order.direction);
    const narrow = fieldsBesides(order.field, filter)
      .map((field) => rangeIn(field, filter, 'asc'))
      .find((other) => !hasMore(snapshot, other, maxSorted));
    return narrow ? throughIndex(snapshot, narrow, false) : throughIndex(snapshot, range, true, after);
  };

  function throughSet(visible: ReadonlySet<string>): Walk {
    const uuids = visible.values();
    return {
      isInOrder: false,
      next: (rows) => {
        const some = new Set<string>();
        while (some.size < rows) {
          const { value, done } = uuids.next();
          if (done) break;
          some.add(value);
        }
        if (some.size === 0) return undefined;
        return { table: sql`"dtrace_scripts"`, condition: empty, selection: { visible: some } };
      },
    };
  }

  function throughIndex(snapshot: Snapshot, range: Range, isInOrder: boolean, after?: ScriptPosition): Walk {
    const { order, conditions } = range;
    let position = after;
    let isOver = false;
    return {
      isInOrder,
      next: (rows) => {
        if (isOver) return undefined;
        const start = position ? isBehind(position, order) : empty;
        const [end] = snapshot.query<{ value: string; uuid: string }>(
          endOf({ order, conditions: [...conditions, start] }, rows),
        );
        position = end;
        isOver = end === undefined;
        const condition = all([...conditions, start, end ? isUpTo(end, order) : empty]);
        return { table: tableBy(order.field), condition, selection: {} };
      },
    };
  }

  /** Whether the range of an index holds more scripts than these. */
  function hasMore(snapshot: Snapshot, range: Range, rows: number): boolean {
    return snapshot.query(endOf(range, rows + 1)).length > 0;
  }
}

/** Finds the place of the last of so many scripts; no row if there are fewer. Times come as they are stored. */
function endOf({ order, conditions }: Range, rows: number): Sql {
  const column = columnOf(order.field);
  return sql`
    SELECT CAST(${column} AS TEXT) AS "value", "uuid" FROM ${tableBy(order.field)} WHERE ${all(conditions)}
    ORDER BY ${inOrder(order)} LIMIT 1 OFFSET ${rows - 1}`;
}

function isUpTo({ value, uuid }: ScriptPosition, { field, direction }: ScriptOrder): Sql {
  return sql`(${columnOf(field)}, "uuid") ${raw(direction === 'asc' ? '<=' : '>=')} (${value}, ${uuid})`;
}

function rangeIn(field: OrderField, filter: ScriptFilter, direction: ScriptOrder['direction']): Range {
  const conditions =
    field === 'name'
      ? filter.name?.equals === undefined
        ? []
        : [sql`"name" = ${filter.name.equals}`]
      : isWithin(field, filter[field]);
  return { order: { field, direction }, conditions };
}

/** The other fields that have an index and that the filter bounds. */
function fieldsBesides(field: OrderField, filter: ScriptFilter): OrderField[] {
  const others = (['name', 'createdAt', 'updatedAt'] as const).filter((other) => other !== field);
  return others.filter((other) => rangeIn(other, filter, 'asc').conditions.length > 0);
}

function tableBy(field: OrderField): Sql {
  return raw(`"dtrace_scripts" INDEXED BY "dtrace_scripts_${scriptColumns[field].column}_uuid_idx"`);
}
