import { sqltag as sql } from '@prisma/client/runtime/client';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { createAccountStore } from './accounts/create-account-store.ts';
import { createAuditStore } from './audit/create-audit-store.ts';
import { createScriptStore } from './scripts/create-script-store.ts';
import type { Dialect } from './sql/dialect.ts';
import type { DirectConnection } from './sql/direct-connection.ts';
import { expectMigrated, migrate } from './sql/migrate.ts';
import { withAvailability } from './sql/with-availability.ts';
import type { Provider, Store } from './store.ts';
import { exportLines } from './transfer/export-lines.ts';
import { importLines } from './transfer/import-lines.ts';

export interface DatabaseOptions {
  /** `file:…` for SQLite, `postgres://…` for PostgreSQL. */
  readonly databaseUrl: string;
  /** How long an operation waits for the database before it fails as unavailable. */
  readonly databaseTimeoutMs: number;
  /** The most connections to PostgreSQL. SQLite has two, and up to four more for long reads. */
  readonly databasePoolSize: number;
  /** About how much memory the read cache may use. No cache by default. */
  readonly readCacheBytes?: number;
}

/**
 * Brings the database up to date.
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError if that is not possible
 */
export function migrateDatabase(options: DatabaseOptions): Promise<string[]> {
  return withConnection(options, (connection, provider) => migrate(provider, connection));
}

/** Checks that the database is up to date. Changes nothing. @throws MigrationError if it is not */
export function checkDatabase(options: DatabaseOptions): Promise<void> {
  return withConnection(options, (connection, provider) => expectMigrated(provider, connection));
}

/** Exports a database that is up to date, line by line. @returns the number of lines */
export function exportDatabase(
  options: DatabaseOptions,
  write: (line: string) => Promise<void>,
): Promise<number> {
  return withConnection(options, async (connection) => {
    let count = 0;
    for await (const line of exportLines(connection)) {
      await write(line);
      count += 1;
    }
    return count;
  });
}

/** Imports an export into an empty database that is up to date. @throws DamagedFileError, ConflictError; nothing is changed */
export function importDatabase(
  options: DatabaseOptions,
  lines: AsyncIterable<string>,
  event: AuditEvent,
  onProgress?: (records: number) => void,
): Promise<number> {
  return withConnection(options, (connection) => importLines(connection, lines, event, onProgress));
}

async function withConnection<T>(
  options: DatabaseOptions,
  work: (connection: DirectConnection, provider: Provider) => Promise<T>,
): Promise<T> {
  const dialect = await createDialect(options);
  const connection = await dialect.openDirectConnection();
  try {
    return await work(connection, dialect.provider);
  } finally {
    await connection.close();
  }
}

/** Opens the store on a database that is up to date. Its methods reject with ServiceUnavailableError if the database fails. */
export async function openStore(
  options: DatabaseOptions,
  tracing?: Pick<Tracing, 'statement'>,
): Promise<Store> {
  const dialect = await createDialect(options);
  const { provider } = dialect;
  const { client, database, statistics } = await dialect.openClients(
    tracing && ((sql, run) => tracing.statement(provider, sql, run)),
  );
  const available = <Methods extends object>(methods: Methods) =>
    withAvailability(methods, dialect.operationTimeoutMs);
  return {
    provider,
    scripts: available(createScriptStore(database, dialect)),
    accounts: available(createAccountStore(client, database, dialect)),
    audit: available(createAuditStore(client, database, dialect)),
    ...available({ ping: async () => void (await database.query(sql`SELECT 1`)) }),
    statistics,
    close: () => client.$disconnect(),
  };
}

/** Loads only the driver that is needed, because loading takes time at every start. */
async function createDialect({
  databaseUrl,
  databaseTimeoutMs,
  databasePoolSize,
  readCacheBytes = 0,
}: DatabaseOptions): Promise<Dialect> {
  if (databaseUrl.startsWith('file:')) {
    const { createSqliteDialect } = await import('./sqlite/dialect.ts');
    return createSqliteDialect({ url: databaseUrl, timeoutMs: databaseTimeoutMs, readCacheBytes });
  }
  const { createPostgresDialect } = await import('./postgresql/dialect.ts');
  return createPostgresDialect({
    url: databaseUrl,
    timeoutMs: databaseTimeoutMs,
    poolSize: databasePoolSize,
    readCacheBytes,
  });
}
