import { sqltag as sql } from '@prisma/client/runtime/client';
import { ServiceUnavailableError } from '../errors.ts';
import { createAccountStore } from './account-store.ts';
import type { Dialect } from './dialect.ts';
import { isUnavailable } from './is-unavailable.ts';
import { migrate } from './migrate.ts';
import { createPostgresDialect } from './postgresql/dialect.ts';
import { createScriptStore } from './script-store.ts';
import { createSqliteDialect } from './sqlite/dialect.ts';
import type { Store } from './store.ts';

export interface DatabaseOptions {
  /** `file:…` for SQLite, `postgres://…` for PostgreSQL. */
  readonly databaseUrl: string;
  /** How long an operation may wait for the database before it fails as unavailable. */
  readonly databaseTimeoutMs: number;
}

/**
 * Brings the database up to date.
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError when it cannot be done
 */
export async function migrateDatabase(options: DatabaseOptions): Promise<string[]> {
  const dialect = createDialect(options);
  const connection = await dialect.openMigrationConnection();
  try {
    return await migrate(dialect.provider, connection);
  } finally {
    await connection.close();
  }
}

/** Opens the store on a database that is up to date. Failures of the database reject as ServiceUnavailableError. */
export async function openStore(options: DatabaseOptions): Promise<Store> {
  const dialect = createDialect(options);
  const client = await dialect.openClient();
  await client.$connect();
  return {
    provider: dialect.provider,
    scripts: withAvailability(createScriptStore(client, dialect)),
    accounts: withAvailability(createAccountStore(client, dialect)),
    ...withAvailability({ ping: async () => void (await client.$queryRaw(sql`SELECT 1`)) }),
    close: () => client.$disconnect(),
  };
}

function createDialect({ databaseUrl, databaseTimeoutMs }: DatabaseOptions): Dialect {
  return databaseUrl.startsWith('file:')
    ? createSqliteDialect(databaseUrl, databaseTimeoutMs)
    : createPostgresDialect(databaseUrl, databaseTimeoutMs);
}

/** The same methods, whose rejections say when it was the database that could not be reached. */
function withAvailability<Methods extends object>(methods: Methods): Methods {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw isUnavailable(error) ? new ServiceUnavailableError(error) : error;
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}
