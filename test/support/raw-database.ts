import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';

/** A direct connection to the database, like that of another program. */
export interface RawDatabase {
  run(statement: string): Promise<void>;
  /** The rows of a query, each an array of its columns. */
  rows(query: string): Promise<unknown[][]>;
  close(): Promise<void>;
}

export async function openRawDatabase(url: string): Promise<RawDatabase> {
  if (url.startsWith('file:')) {
    const database = new DatabaseSync(url.slice('file:'.length), { timeout: 5000 });
    return {
      run: async (statement) => database.exec(statement),
      rows: async (query) =>
        database
          .prepare(query)
          .all()
          .map((row) => Object.values(row as object)),
      close: async () => database.close(),
    };
  }
  const client = new pg.Client({ connectionString: url });
  // After a failed test, the server may end the connection.
  client.on('error', () => {});
  await client.connect();
  return {
    run: async (statement) => void (await client.query(statement)),
    rows: async (query) => (await client.query({ text: query, rowMode: 'array' })).rows,
    close: () => client.end(),
  };
}

/**
 * Blocks writes of scripts until it is released, so that a request stays unfinished.
 *
 * @returns a function that releases it
 */
export async function holdWrites(url: string): Promise<() => Promise<void>> {
  const database = await openRawDatabase(url);
  if (url.startsWith('file:')) await database.run('BEGIN IMMEDIATE');
  else await database.run('BEGIN; LOCK TABLE "dtrace_scripts" IN EXCLUSIVE MODE');
  return async () => {
    await database.run('ROLLBACK');
    await database.close();
  };
}

/** The result of SQLite's integrity check; `ok` on PostgreSQL, which has no such check. */
export async function checkIntegrity(url: string): Promise<string> {
  if (!url.startsWith('file:')) return 'ok';
  const database = await openRawDatabase(url);
  try {
    return (await database.rows('PRAGMA integrity_check')).join('\n');
  } finally {
    await database.close();
  }
}
