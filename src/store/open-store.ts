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
  /** How long an operation may wait for the database before it fails as unavailable. */
  readonly databaseTimeoutMs: number;
  /** How many connections to PostgreSQL a process may hold. SQLite takes two, and up to four for long reads. */
  readonly databasePoolSize: number;
  /** About how much may be kept of what was read while the database does not change; without it nothing. */
  readonly readCacheBytes?: number;
}

/**
 * Brings the database up to date.
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError when it cannot be done
 */
export function migrateDatabase(options: DatabaseOptions): Promise<string[]> {
  return withConnection(options, (connection, provider) => migrate(provider, connection));
}

/** Checks that the database is up to date, and changes nothing. @throws MigrationError when it is not */
export function checkDatabase(options: DatabaseOptions): Promise<void> {
  return withConnection(options, (connection, provider) => expectMigrated(provider, connection));
}

/** Writes everything in a database that is up to date to `write`, line by line. @returns the number of lines */
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

/** Fills an empty database that is up to date, and records it. @throws DamagedFileError, ConflictError; nothing is changed then */
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

/** Opens the store on a database that is up to date. Failures of the database reject as ServiceUnavailableError. */
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

/** Only the driver that is needed is loaded: the other one would cost every start its time. */
async function createDialect({
  databaseUrl,
  databaseTimeoutMs,
  databasePoolSize,
  readCacheBytes = 0,
}: DatabaseOptions): Promise<Dialect> {
  if (databaseUrl.startsWith('file:')) {
    const { createSqliteDialect } = await import('./sqlite/dialect.ts');
    return createSqliteDialect(databaseUrl, databaseTimeoutMs, readCacheBytes);
  }
  const { createPostgresDialect } = await import('./postgresql/dialect.ts');
  return createPostgresDialect(databaseUrl, databaseTimeoutMs, databasePoolSize, readCacheBytes);
}
