import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { MigrationError } from '../store/sql/migrate.ts';
import type { Store } from '../store/store.ts';
import { DamagedFileError } from '../store/transfer/line-seal.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { OutputError } from './run.ts';

/**
 * Updates the database, or only checks that it is up to date, and opens it.
 *
 * @throws MigrationError if it cannot be updated
 * @throws DatabaseError for any other error of the system or a driver
 */
export async function openDatabase(
  config: Config,
  { migrate = true }: { readonly migrate?: boolean } = {},
  tracing?: Tracing,
): Promise<Store> {
  const { checkDatabase, openStore } = await import('../store/open-store.ts');
  await (migrate ? updateDatabase(config) : useDatabase(config, () => checkDatabase(config)));
  return useDatabase(config, () => openStore(config, tracing));
}

/** Updates the database. @returns the names of the applied migrations @throws as above */
export async function updateDatabase(config: Config): Promise<string[]> {
  const { migrateDatabase } = await import('../store/open-store.ts');
  return useDatabase(config, () => migrateDatabase(config));
}

/** Thrown if a database cannot be opened. The message names the database, without user and password, and the reason. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  constructor(databaseUrl: string, cause: unknown) {
    super(
      `The database ${placeOf(databaseUrl)} cannot be used: ${reasonOf(cause)}. Mend it, or DATABASE_URL.`,
      {
        cause,
      },
    );
  }
}

/** Runs an action on the database. An error names the database. @throws as above */
export async function useDatabase<Result>(
  { databaseUrl }: Config,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw isAboutContents(error) || isProgrammingError(error) ? error : new DatabaseError(databaseUrl, error);
  }
}

/** Whether an error is about the contents of the database, or about data for it. Its own message says what is wrong. */
function isAboutContents(error: unknown): boolean {
  return (
    error instanceof MigrationError ||
    error instanceof DamagedFileError ||
    error instanceof GatewayError ||
    error instanceof OutputError
  );
}

/** Whether an error is a bug of the gateway. Errors of the system and of drivers have a code, or no special class. */
function isProgrammingError(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof ReferenceError) && !('code' in error);
}

function placeOf(databaseUrl: string): string {
  if (databaseUrl.startsWith('file:')) return resolve(databaseUrl.slice('file:'.length));
  if (!URL.canParse(databaseUrl)) return 'that DATABASE_URL names';
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
