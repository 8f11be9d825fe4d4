import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import { argumentsOf, type Database, decodeRows, toJsonText } from '../database.ts';

/** The short way to a PostgreSQL server. A write and its records are one statement. */
export function createPostgresDatabase(adapter: SqlDriverAdapter): Database {
  const query = async <Row>(statement: Sql) => decodeRows<Row>(await adapter.queryRaw(toQuery(statement)));
  return {
    query,
    queryAsText: async (statement) => decodeRows(await adapter.queryRaw(toQuery(statement)), toJsonText),
    write: (statement, ...records) => {
      if (records.length === 0) return query(statement);
      const parts = [statement, ...records].map(
        (part, index) => sql`${raw(index === 0 ? '"written"' : `"record_${index}"`)} AS (${part})`,
      );
      return query(sql`WITH ${join(parts)} SELECT * FROM "written"`);
    },
  };
}

/** Statements prepared by name on each connection at most: the server keeps them as long as the connection. */
const maxPrepared = 200;
const names = new Map<string, string>();

interface NamedQuery extends SqlQuery {
  readonly name: string;
}

function toQuery(statement: Sql): NamedQuery {
  const text = statement.text;
  let name = names.get(text);
  if (name === undefined && names.size < maxPrepared) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return { sql: text, ...argumentsOf(statement), name: name ?? '' };
}

/** The name under which the driver prepares a query: those of a Database have one, Prisma's own have none. */
export function nameOfStatement(query: SqlQuery): string {
  return 'name' in query ? (query as NamedQuery).name : '';
}
