import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import type { MigrationConnection } from '../migrate.ts';

/** A connection that holds the write lock from `begin` to `commit`, so that only one process migrates at a time. */
export async function openSqliteMigrationConnection(
  path: string,
  timeoutMs: number,
): Promise<MigrationConnection> {
  const database = new DatabaseSync(path, { timeout: timeoutMs });
  const connection: MigrationConnection = {
    createHistory: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" TEXT PRIMARY KEY NOT NULL,
      "checksum" TEXT NOT NULL,
      "finished_at" DATETIME,
      "migration_name" TEXT NOT NULL,
      "logs" TEXT,
      "rolled_back_at" DATETIME,
      "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
      "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
    )`,
    hasHistory: async () =>
      database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = '_prisma_migrations'`).get() !== undefined,
    begin: async () => retryWhileBusy(() => database.exec('BEGIN IMMEDIATE'), timeoutMs),
    commit: async () => database.exec('COMMIT'),
    rollback: async () => {
      if (database.isTransaction) database.exec('ROLLBACK');
    },
    run: async (script) => database.exec(script),
    history: async () =>
      database
        .prepare(`SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
          FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`)
        .all()
        .map((row) => ({
          name: String(row.name),
          checksum: String(row.checksum),
          finished: Boolean(row.finished),
        })),
    record: async ({ id, name, checksum, startedAt, finishedAt }) => {
      database
        .prepare(`INSERT INTO "_prisma_migrations"
          (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)`)
        .run(id, checksum, name, startedAt.getTime(), finishedAt.getTime());
    },
    close: async () => database.close(),
  };
  try {
    // Switching to WAL takes the lock for a moment; several processes may be starting at once.
    await retryWhileBusy(
      () => database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'),
      timeoutMs,
    );
    return connection;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite does not wait for some locks even with a busy time-out: tries again until the time is up. */
async function retryWhileBusy(attempt: () => void, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!/locked|busy/i.test(String(error)) || Date.now() > deadline) throw error;
      await sleep(5 + Math.random() * 20);
    }
  }
}
