import type { Sql } from '@prisma/client/runtime/client';
import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { JsonText } from '../scripts/json-text.ts';
import type { Statistic } from '../telemetry/metrics.ts';
import type { PrismaClient } from './sqlite/generated/client.ts';

/**
 * The short way to the database: statements go straight to the driver adapter. Columns come decoded: times as `Date`,
 * JSON parsed, integers as numbers.
 */
export interface Database {
  query<Row>(statement: Sql, options?: QueryOptions): Promise<Row[]>;
  /**
   * Runs a write that returns rows and, when it returned any, what follows from it, all in one transaction: everything
   * happens or nothing.
   *
   * @param statement - an INSERT, UPDATE or DELETE with RETURNING
   * @param records - writes that take what the first one returned from a table of the name `"written"`, as in
   *   `INSERT … SELECT … FROM "written"`. They must do nothing when it is empty, and not read what other ones wrote.
   * @returns the rows of the first
   */
  write<Row>(statement: Sql, ...records: Sql[]): Promise<Row[]>;
}

export interface QueryOptions {
  /** For answers that only pass values on: JSON as `JsonText`, times as text such as `2026-11-23T15:36:00.000Z`. */
  readonly asText?: boolean | undefined;
  /** For a statement whose best plan depends on its values, as those of filters. */
  readonly isPlannedAnew?: boolean | undefined;
}

/** Prisma's client, and the database beside it on the same connections. */
export interface Clients {
  /** Both generated clients have the same models, hence one type. */
  readonly client: PrismaClient;
  readonly database: Database;
  readonly statistics: readonly Statistic[];
}

/** The arguments of a query as driver adapters take them. */
export function argumentsOf(statement: Sql): Pick<SqlQuery, 'args' | 'argTypes'> {
  return { args: statement.values, argTypes: statement.values.map(typeOf) };
}

/** The rows of a result as objects, their columns decoded. */
export function decodeRows<Row>(
  { columnNames, columnTypes, rows }: SqlResultSet,
  { asText = false }: QueryOptions = {},
): Row[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (let column = 0; column < columnNames.length; column += 1) {
      const value = values[column];
      row[columnNames[column] as string] =
        value === null ? null : decode(value, columnTypes[column] as ColumnType, asText);
    }
    return row as Row;
  });
}

function decode(value: unknown, type: ColumnType, asText: boolean): unknown {
  switch (type) {
    case ColumnTypeEnum.DateTime:
      return asText ? toTimeText(value as string) : new Date(value as string);
    case ColumnTypeEnum.Json:
      return asText ? new JsonText(value as string) : JSON.parse(value as string);
    case ColumnTypeEnum.Int64:
      return Number(value);
    default:
      return value;
  }
}

/** SQLite holds times in this form; reading them, and writing them again, would take longer than all else of a list. */
function toTimeText(value: string): string {
  return value.length === 24 && value.endsWith('Z') ? value : new Date(value).toISOString();
}

const unknown: ArgType = { scalarType: 'unknown', arity: 'scalar' };
const time: ArgType = { scalarType: 'datetime', arity: 'scalar' };
const list: ArgType = { scalarType: 'unknown', arity: 'list' };

function typeOf(value: unknown): ArgType {
  if (value instanceof Date) return time;
  return Array.isArray(value) ? list : unknown;
}
