import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { createCurrentCache } from '../cache/read-cache.ts';
import { argumentsOf, type SqlDatabase } from '../sql/database.ts';
import { decodeRows } from '../sql/decode-rows.ts';
import type { SqliteAdapter } from './adapter.ts';

/**
 * Access to a SQLite file without Prisma's client. A write and its records are one job in the queue, and share commits.
 *
 * @param readCacheBytes - about how much memory the read cache may use; 0 for no cache
 */
export function createSqliteDatabase(adapter: SqliteAdapter, readCacheBytes: number): SqlDatabase {
  return {
    currentCache: createCurrentCache(() => adapter.dataVersion, readCacheBytes),
    generation: () => 0,
    server: () => 0,
    query: async (statement, options) => decodeRows(await adapter.queryRaw(toQuery(statement)), options),
    scan: (statement, work) =>
      adapter.scan(toQuery(statement), ({ connection, inTurn }) =>
        work({
          query: (part, options) => decodeRows(connection.query(toQuery(part)), options),
          inTurn,
        }),
      ),
    write: async (statement, ...records) =>
      decodeRows(
        records.length === 0
          ? await adapter.queryRaw(toQuery(statement))
          : await adapter.writeTogether(toQuery(statement), (written) =>
              written.rows.length === 0 ? [] : records.map((record) => toQuery(following(written, record))),
            ),
      ),
  };
}

function toQuery(statement: Sql): SqlQuery {
  return { sql: statement.sql, ...argumentsOf(statement) };
}

/** Adds the rows of a write to a record, as the table `"written"`. */
function following({ columnNames, rows }: SqlResultSet, record: Sql): Sql {
  const columns = raw(columnNames.map((name) => `"${name}"`).join(', '));
  const values = rows.map((row) => sql`(${join(row)})`);
  return sql`WITH "written" (${columns}) AS (VALUES ${join(values)}) ${record}`;
}
