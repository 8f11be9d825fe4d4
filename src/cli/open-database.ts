import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { MigrationError } from '../store/sql/migrate.ts';
import type { Store } from '../store/store.ts';
import { DamagedFileError } from '../store/transfer/line-seal.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { OutputError } from './run.ts';

/**
 * Brings the database that the settings name up to date, or only checks that it is, and opens it.
 *
 * @throws MigrationError when it cannot be brought up to date
 * @throws DatabaseError for everything else that the system or a driver has against it
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

/** Brings the database up to date. @returns the names of the migrations that were applied now @throws as above */
export async function updateDatabase(config: Config): Promise<string[]> {
  const { migrateDatabase } = await import('../store/open-store.ts');
  return useDatabase(config, () => migrateDatabase(config));
}

/** Thrown when a database cannot be opened. Says which one, without the user or the password, and what is wrong. */
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

/** Does something with the database, and names the database when it fails. @throws as above */
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

/** Errors that say themselves what is wrong with the database's contents, or with what should get there. */
function isAboutContents(error: unknown): boolean {
  return (
    error instanceof MigrationError ||
    error instanceof DamagedFileError ||
    error instanceof GatewayError ||
    error instanceof OutputError
  );
}

/** Errors of the system and of drivers have a code, or are of no particular class. */
function isProgrammingError(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof ReferenceError) && !('code' in error);
}

function placeOf(databaseUrl: string): string {
  if (databaseUrl.startsWith('file:')) return resolve(databaseUrl.slice('file:'.length));
  if (!URL.canParse(databaseUrl)) return 'that DATABASE_URL names';
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
