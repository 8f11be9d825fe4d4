import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';
import { argumentsOf, type Database, type QueryOptions } from '../database.ts';
import { decodeRows } from '../decode-rows.ts';
import { createRecall } from '../memory.ts';
import { createStatementNames } from './statement-names.ts';

/**
 * The short way to a PostgreSQL server. A write and its records are one statement.
 *
 * @param readCacheBytes - about how much may be kept of what was read; 0 for nothing
 */
export function createPostgresDatabase(
  adapter: SqlDriverAdapter,
  pool: Pool,
  readCacheBytes: number,
): Database {
  const nameOf = createStatementNames(pool);
  const toQuery = (statement: Sql, { isPlannedAnew }: QueryOptions = {}): NamedQuery => {
    const text = statement.text;
    return { sql: text, ...argumentsOf(statement), name: isPlannedAnew ? '' : nameOf(text) };
  };
  const query = async <Row>(statement: Sql, options?: QueryOptions) =>
    decodeRows<Row>(await adapter.queryRaw(toQuery(statement, options)), options);
  /**
   * Transactions that write are numbered as they begin. A snapshot tells the number behind the last one that has ended, and
   * which below it are still under way: while there is none of these, and that number stays, nothing has been committed. The
   * time of the start tells servers apart, of which one may take over from another.
   */
  const readVersion = async () => {
    const [row] = await query<{ snapshot: string; startedAt: string }>(sql`
      SELECT pg_current_snapshot()::text AS "snapshot", pg_postmaster_start_time()::text AS "startedAt"`);
    const [, underWay, next] = /^(\d+):(\d+):/.exec(row?.snapshot ?? '') ?? [];
    return underWay !== undefined && underWay === next ? `${next} ${row?.startedAt}` : undefined;
  };
  return {
    query,
    recall: createRecall(readVersion, readCacheBytes),
    write: (statement, ...records) => {
      if (records.length === 0) return query(statement);
      const parts = [statement, ...records].map(
        (part, index) => sql`${raw(index === 0 ? '"written"' : `"record_${index}"`)} AS (${part})`,
      );
      return query(sql`WITH ${join(parts)} SELECT * FROM "written"`);
    },
  };
}

interface NamedQuery extends SqlQuery {
  /** Empty for a statement that is not prepared. */
  readonly name: string;
}

/** The name under which the driver prepares a query: those of a Database have one, Prisma's own have none. */
export function nameOfStatement(query: SqlQuery): string {
  return 'name' in query ? (query as NamedQuery).name : '';
}
