import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import type { Pool } from 'pg';
import { createCurrentCache } from '../cache/read-cache.ts';
import { argumentsOf, type QueryOptions, type SqlDatabase } from '../sql/database.ts';
import { decodeRows } from '../sql/decode-rows.ts';
import { countGenerations, createVersionReader } from './snapshot-version.ts';
import { createStatementNames } from './statement-names.ts';

/**
 * Access to a PostgreSQL server without Prisma's client. A write and its records are one statement.
 *
 * @param server - see `SqlDatabase.server`
 * @param readCacheBytes - about how much memory the read cache may use; 0 for no cache
 */
export function createPostgresDatabase(
  adapter: SqlDriverAdapter,
  pool: Pool,
  server: () => number,
  readCacheBytes: number,
): SqlDatabase {
  const nameOf = createStatementNames(pool);
  const toQuery = (statement: Sql, { isPlannedAnew }: QueryOptions = {}): NamedQuery => {
    const text = statement.text;
    return { sql: text, ...argumentsOf(statement), name: isPlannedAnew ? '' : nameOf(text) };
  };
  const generation = countGenerations(pool);
  const query = async <Row>(statement: Sql, options?: QueryOptions) =>
    decodeRows<Row>(await adapter.queryRaw(toQuery(statement, options)), options);
  return {
    query,
    currentCache: createCurrentCache(createVersionReader(adapter, generation), readCacheBytes),
    generation,
    server,
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

/** The name of the prepared statement of a query. Queries of Prisma's client have none. */
export function nameOfStatement(query: SqlQuery): string {
  return 'name' in query ? (query as NamedQuery).name : '';
}
