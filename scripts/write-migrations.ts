import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from '../src/store/store.ts';
import { createPostgresDatabase, createSqliteDatabase, type TestDatabase } from '../test/support/database.ts';
import { openRawDatabase } from '../test/support/raw-database.ts';
import { openSchemaEngine, readMigrations } from './schema-engine.ts';

export interface MigrationRequest {
  /** What the migration does, such as `add_script_owner`. */
  readonly name: string;
  /** The folder of the schemas and migrations, with the layout of `prisma`. */
  readonly folder: string;
  /** A PostgreSQL server for a temporary database. */
  readonly postgresUrl: string;
  readonly now: Date;
}

/**
 * Writes the migrations from the existing ones to the schemas: the existing migrations build a temporary database, which is
 * compared with the schema. A provider without changes gets no migration.
 *
 * @returns the paths of the files written
 * @throws Error for a name that is not suitable for a folder
 */
export async function writeMigrations({
  name,
  folder,
  postgresUrl,
  now,
}: MigrationRequest): Promise<string[]> {
  if (!/^[a-z][a-z\d_]{0,60}$/.test(name)) {
    throw new Error(`A migration is named like add_script_owner, not ${JSON.stringify(name)}.`);
  }
  const written: string[] = [];
  for (const provider of ['sqlite', 'postgresql'] as const) {
    const database = await (provider === 'sqlite'
      ? createSqliteDatabase()
      : createPostgresDatabase(postgresUrl));
    try {
      const script = await changeScript(provider, database, folder);
      if (script !== '') written.push(await write(join(folder, provider, 'migrations'), name, script, now));
    } finally {
      await database.drop();
    }
  }
  return written;
}

async function changeScript(provider: Provider, { url }: TestDatabase, folder: string): Promise<string> {
  const raw = await openRawDatabase(url);
  for (const { script } of readMigrations(join(folder, provider, 'migrations'))) await raw.run(script);
  await raw.close();
  return (await openSchemaEngine(provider, url, folder)).changeScript();
}

async function write(folder: string, name: string, script: string, now: Date): Promise<string> {
  const path = join(folder, `${nextNumber(folder, now)}_${name}`);
  await mkdir(path);
  const file = join(path, 'migration.sql');
  await writeFile(file, script);
  return file;
}

/** The time in Prisma's format, such as 20261123000000. It is always later than the last migration. */
function nextNumber(folder: string, now: Date): string {
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const last = readMigrations(folder).at(-1)?.name.slice(0, 14) ?? '';
  return time > last ? time : String(Number(last) + 1);
}
