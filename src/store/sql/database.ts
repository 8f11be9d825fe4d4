import type { Sql } from '@prisma/client/runtime/client';
import type { ArgType, SqlQuery } from '@prisma/driver-adapter-utils';
import type { Statistic } from '../../telemetry/metrics.ts';
import type { Recalled } from '../cache/read-cache.ts';
import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { DecodeOptions } from './decode-rows.ts';

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
  /**
   * For reads that take long, where statements run on the event loop; absent where they do not. The work sees the database
   * as it is at one moment after it was asked for.
   *
   * @param statement - tells traces what is read
   * @throws ServiceUnavailableError when too many others wait, or it is not over in time
   */
  readonly scan?: <Value>(statement: Sql, work: (snapshot: Snapshot) => Promise<Value>) => Promise<Value>;
  /** What was read from the database, in memory, and whether that is still how it is. */
  recall(): Recalled;
  /**
   * Another number whenever the numbers of changes (`Dialect.changeNumber`) may begin again from fewer. What was read by them
   * in another generation is of no use. Undefined where they are not known to be relied on.
   */
  generation(): number | undefined;
}

/** The database at one moment. */
export interface Snapshot {
  query<Row>(statement: Sql, options?: QueryOptions): Row[];
  /** Does a piece of the work as soon as it is its turn. @throws ServiceUnavailableError when the time is over */
  inTurn<Value>(piece: () => Value): Promise<Value>;
}

export interface QueryOptions extends DecodeOptions {
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

const unknown: ArgType = { scalarType: 'unknown', arity: 'scalar' };
const time: ArgType = { scalarType: 'datetime', arity: 'scalar' };
const list: ArgType = { scalarType: 'unknown', arity: 'list' };

function typeOf(value: unknown): ArgType {
  if (value instanceof Date) return time;
  return Array.isArray(value) ? list : unknown;
}
