import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsFolder } from '../migrations-folder.ts';
import type { Provider } from '../store.ts';
import type { DirectConnection } from './direct-connection.ts';

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

interface Migration {
  readonly name: string;
  readonly script: string;
  readonly checksum: string;
}

/** Thrown if a database cannot be brought up to date. The message is one line for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Applies the pending migrations of `prisma/<provider>/migrations` in one transaction. If the process dies, the database is
 * unchanged. Writes Prisma's own record, so that `prisma migrate status` agrees.
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError if the database has migrations that are unknown or different here
 */
export async function migrate(provider: Provider, connection: DirectConnection): Promise<string[]> {
  const migrations = readMigrations(provider);
  if ((await connection.hasHistory()) && findPending(migrations, await readHistory(connection)).length === 0)
    return [];

  await connection.begin('exclusive');
  try {
    await connection.createSchema();
    await connection.run(connection.createHistory);
    const pending = findPending(migrations, await readHistory(connection));
    for (const { name, script, checksum } of pending) {
      const startedAt = new Date().toISOString();
      await connection.run(script);
      await connection.query(
        `INSERT INTO "_prisma_migrations"
          (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, $4, $5, 1)`,
        [randomUUID(), checksum, name, startedAt, new Date().toISOString()],
      );
    }
    await connection.commit();
    return pending.map(({ name }) => name);
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  }
}

/** @throws MigrationError if migrations are pending, or the program cannot use the database */
export async function expectMigrated(provider: Provider, connection: DirectConnection): Promise<void> {
  const history = (await connection.hasHistory()) ? await readHistory(connection) : [];
  const pending = findPending(readMigrations(provider), history);
  if (pending.length > 0) {
    throw new MigrationError(
      `The database is not up to date: it lacks ${pending.map(({ name }) => name).join(', ')}. Run "dtrace-gateway migrate".`,
    );
  }
}

/** The migrations that the database lacks. @throws MigrationError if they do not continue its history */
export function findPending(known: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  for (const { name, checksum, finished } of applied) {
    const migration = known.find((candidate) => candidate.name === name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database is newer than this program: it has the migration "${name}", which is unknown here. Run a newer version of the gateway.`,
      );
    }
    if (!finished) {
      throw new MigrationError(
        `The migration "${name}" was begun by another tool and did not finish. Mend the database, then use "prisma migrate resolve".`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(`The migration "${name}" is not the one that the database was made with.`);
    }
  }
  const names = new Set(applied.map(({ name }) => name));
  return known.filter(({ name }) => !names.has(name));
}

async function readHistory(connection: DirectConnection): Promise<AppliedMigration[]> {
  const rows = await connection.query(`SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
    FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`);
  return rows.map(({ migration_name, checksum, finished }) => ({
    name: String(migration_name),
    checksum: String(checksum),
    finished: Boolean(finished),
  }));
}

function readMigrations(provider: Provider): Migration[] {
  const folder = migrationsFolder(provider);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
