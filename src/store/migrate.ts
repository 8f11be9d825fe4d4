import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Provider } from './store.ts';

/** What a database offers for migrating. `begin` takes the lock that keeps other processes from migrating. */
export interface MigrationConnection {
  readonly createHistory: string;
  hasHistory(): Promise<boolean>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  run(script: string): Promise<void>;
  history(): Promise<readonly AppliedMigration[]>;
  record(migration: {
    readonly id: string;
    readonly name: string;
    readonly checksum: string;
    readonly startedAt: Date;
    readonly finishedAt: Date;
  }): Promise<void>;
  close(): Promise<void>;
}

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

/** Thrown when a database cannot be brought up to date; the message is one line for whoever starts the server. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Applies the pending migrations of `prisma/<provider>/migrations`, all in one transaction: a process that dies on
 * the way leaves the database as it was. Keeps Prisma's own record, so that `prisma migrate status` agrees.
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError when the database holds migrations that this program does not know, or other ones
 */
export async function migrate(provider: Provider, connection: MigrationConnection): Promise<string[]> {
  const migrations = readMigrations(provider);
  if ((await connection.hasHistory()) && findPending(migrations, await connection.history()).length === 0)
    return [];

  await connection.begin();
  try {
    await connection.run(connection.createHistory);
    const pending = findPending(migrations, await connection.history());
    for (const { name, script, checksum } of pending) {
      const startedAt = new Date();
      await connection.run(script);
      await connection.record({ id: randomUUID(), name, checksum, startedAt, finishedAt: new Date() });
    }
    await connection.commit();
    return pending.map(({ name }) => name);
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  }
}

/** The migrations of the program that the database lacks, checked to continue the database's own history. */
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

function readMigrations(provider: Provider): Migration[] {
  const folder = fileURLToPath(new URL(`../../prisma/${provider}/migrations`, import.meta.url));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
