import pg from 'pg';
import type { DirectConnection } from '../sql/direct-connection.ts';
import { UnusableConnectionError } from '../sql/failures.ts';
import { checkPooler } from './check-pooler.ts';
import { readConnecting } from './driver-options.ts';
import { prepareSession } from './session.ts';

/** The advisory lock of Prisma's migration command. So both never run at the same time. */
const exclusiveLock = 72_707_369;

/** Opens a connection to a PostgreSQL server outside the pool. */
export async function openPostgresConnection(url: string, timeoutMs: number): Promise<DirectConnection> {
  const { options, schema } = readConnecting(url);
  const client = new pg.Client({ ...options, connectionTimeoutMillis: timeoutMs });
  // Without a listener, an idle connection that breaks would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    // Before the settings: a pooler could give them to another client.
    await checkPooler(client, options, timeoutMs);
    await prepareSession(client, { schema, use: 'transfer', statementTimeoutMs: 0 });
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  let inTransaction = false;
  const query: DirectConnection['query'] = async (statement, values = []) =>
    (await client.query(statement, [...values])).rows;

  return {
    createSchema: async () => {
      // A role that may not create schemas is refused even if the schema exists, so the catalogue is read first.
      // to_regnamespace() may answer with the state before the lock.
      const [row] = await query('SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS found', [
        schema,
      ]);
      if (row?.found !== true) await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`);
    },
    createHistory: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`,
    hasHistory: async () => {
      const [row] = await query(
        `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found,
          has_schema_privilege(to_regnamespace($1)::oid, 'USAGE') AS usable`,
        [pg.escapeIdentifier(schema)],
      );
      // Without that right, existing tables seem to be missing.
      if (row?.usable === false)
        throw new UnusableConnectionError(`the role lacks rights: USAGE on the schema "${schema}"`);
      return row?.found === true;
    },
    begin: async (mode) => {
      if (mode === 'snapshot') {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        inTransaction = true;
        return;
      }
      await client.query('BEGIN');
      inTransaction = true;
      await client.query('SELECT pg_advisory_xact_lock($1)', [exclusiveLock]);
    },
    commit: async () => {
      await client.query('COMMIT');
      inTransaction = false;
    },
    rollback: async () => {
      if (inTransaction) await client.query('ROLLBACK');
      inTransaction = false;
    },
    run: async (script) => void (await client.query(script)),
    query,
    // Class 22: values. Class 23: constraints.
    isRefusal: (error): error is Error =>
      error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? ''),
    close: () => client.end(),
  };
}
