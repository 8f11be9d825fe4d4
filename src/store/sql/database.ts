import type { Sql } from '@prisma/client/runtime/client';
import type { ArgType, SqlQuery } from '@prisma/driver-adapter-utils';
import type { Statistic } from '../../telemetry/metrics.ts';
import type { CurrentCache } from '../cache/read-cache.ts';
import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { DecodeOptions } from './decode-rows.ts';

/**
 * Access to a database without Prisma's client: statements go directly to the driver adapter. Values come decoded: times as
 * `Date`, JSON parsed, integers as numbers.
 */
export interface SqlDatabase {
  query<Row>(statement: Sql, options?: QueryOptions): Promise<Row[]>;
  /**
   * Runs a write and its records in one transaction: all of them or none.
   *
   * @param statement - an INSERT, UPDATE or DELETE with RETURNING
   * @param records - writes that read the returned rows from the table `"written"`, as in
   *   `INSERT … SELECT … FROM "written"`. They must do nothing if it is empty, and must not read what other records wrote.
   * @returns the rows of the statement
   */
  write<Row>(statement: Sql, ...records: Sql[]): Promise<Row[]>;
  /**
   * Runs long reads on one snapshot, taken after the call. Only for databases whose statements run on the event loop.
   *
   * @param statement - the text for traces
   * @throws ServiceUnavailableError if too many reads wait, or the work does not end in time
   */
  readonly scan?: <Value>(statement: Sql, work: (snapshot: Snapshot) => Promise<Value>) => Promise<Value>;
  /** The read cache, and whether it is current. */
  currentCache(): CurrentCache;
  /**
   * Changes whenever the numbers of changes (`Dialect.changeNumber`) may go back. Cached orders of another generation are
   * not valid. Undefined if the numbers are not known to be reliable.
   */
  generation(): number | undefined;
  /** Changes whenever another server may have taken the place of the database, perhaps without the latest writes. */
  server(): number;
}

/** The database at one moment. */
export interface Snapshot {
  query<Row>(statement: Sql, options?: QueryOptions): Row[];
  /** Runs a piece of the work in its turn of the event loop. @throws ServiceUnavailableError after the time limit */
  inTurn<Value>(piece: () => Value): Promise<Value>;
}

export interface QueryOptions extends DecodeOptions {
  /** For a statement whose best plan depends on its values, such as those of filters. */
  readonly isPlannedAnew?: boolean | undefined;
}

/** Prisma's client, and the access without it on the same connections. */
export interface Clients {
  /** One type for both generated clients: they have the same models. */
  readonly client: PrismaClient;
  readonly database: SqlDatabase;
  readonly statistics: readonly Statistic[];
}

/** The arguments of a query for a driver adapter. */
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
