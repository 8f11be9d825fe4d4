import { DatabaseSync } from '@photostructure/sqlite';
import type { DirectConnection } from '../sql/direct-connection.ts';
import { retryWhileBusy } from './busy.ts';
import { isConstraintViolation, translateErrors } from './driver-errors.ts';

/** Opens a further connection to a SQLite file. Waiting for locks does not block the event loop. */
export async function openSqliteConnection(path: string, timeoutMs: number): Promise<DirectConnection> {
  const database = translateErrors(() => new DatabaseSync(path, { timeout: 0 }));
  const attempt = <T>(work: () => T) => retryWhileBusy(() => translateErrors(work), timeoutMs);
  const run = (script: string) => attempt(() => database.exec(script));
  try {
    await run('PRAGMA journal_mode = WAL');
    await run('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  } catch (error) {
    database.close();
    throw error;
  }
  const query: DirectConnection['query'] = (statement, values = []) =>
    attempt(() => {
      // In SQLite, $1 is a parameter with a name. ?1 is the first parameter.
      const prepared = database.prepare(statement.replaceAll(/\$(\d+)/g, '?$1'));
      return prepared.all(...(values as (string | number | null)[]));
    });

  return {
    createSchema: async () => {},
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
      (await query(`SELECT 1 FROM sqlite_schema WHERE name = '_prisma_migrations'`)).length > 0,
    begin: (mode) => run(mode === 'exclusive' ? 'BEGIN IMMEDIATE' : 'BEGIN'),
    commit: () => run('COMMIT'),
    rollback: async () => {
      if (database.isTransaction) await run('ROLLBACK');
    },
    run,
    query,
    isRefusal: (error): error is Error => isConstraintViolation(error),
    close: async () => database.close(),
  };
}
