import pg from 'pg';
import type { MigrationConnection } from '../migrate.ts';

/** The advisory lock that Prisma's own migration command takes: the two never migrate at the same time. */
const migrationLock = 72_707_369;

/** A connection whose transactions hold an advisory lock, so that only one process migrates at a time. */
export async function openPostgresMigrationConnection(
  url: string,
  timeoutMs: number,
): Promise<MigrationConnection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  // Without a listener a connection that breaks while idle would end the process.
  client.on('error', () => {});
  await client.connect();
  return {
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
      const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`);
      return rows[0].found;
    },
    begin: async () => {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    },
    commit: async () => void (await client.query('COMMIT')),
    rollback: async () => void (await client.query('ROLLBACK')),
    run: async (script) => void (await client.query(script)),
    history: async () => {
      const { rows } =
        await client.query(`SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
        FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`);
      return rows;
    },
    record: async ({ id, name, checksum, startedAt, finishedAt }) => {
      await client.query(
        `INSERT INTO "_prisma_migrations"
          (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, $4, $5, 1)`,
        [id, checksum, name, startedAt, finishedAt],
      );
    },
    close: () => client.end(),
  };
}
