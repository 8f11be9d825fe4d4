import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkDatabase, migrateDatabase } from '../../../src/store/open-store.ts';
import { openPostgresConnection } from '../../../src/store/postgresql/direct-connection.ts';
import type { DirectConnection } from '../../../src/store/sql/direct-connection.ts';
import { findPending, MigrationError, migrate } from '../../../src/store/sql/migrate.ts';
import { openSqliteConnection } from '../../../src/store/sqlite/direct-connection.ts';
import type { Provider } from '../../../src/store/store.ts';
import { createPostgresDatabase, createSqliteDatabase, type TestDatabase } from '../../support/database.ts';
import { runShell } from '../../support/process.ts';
import { openRawDatabase } from '../../support/raw-database.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

const timeoutMs = 5000;

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));

/** Migrates, and is killed at the moment when everything is written but not committed. */
const dyingProgram = `
  const [provider, place] = process.argv.slice(1);
  const load = (path) => import('${new URL('../../../src/store/', import.meta.url)}' + path);
  const { migrate } = await load('sql/migrate.ts');
  const { openSqliteConnection, openPostgresConnection } = await load(provider + '/direct-connection.ts');
  const connection = await (openSqliteConnection ?? openPostgresConnection)(place, 5000);
  const commit = () => process.stdout.write('all but committed', () => process.kill(process.pid, 'SIGKILL'));
  await migrate(provider, { ...connection, commit });
`;
const optionsFor = (databaseUrl: string) => ({
  databaseUrl,
  databaseTimeoutMs: timeoutMs,
  databasePoolSize: 1,
});

async function createDatabase(provider: Provider): Promise<string> {
  const database =
    provider === 'sqlite'
      ? await createSqliteDatabase()
      : await createPostgresDatabase(inject('postgresUrl'));
  databases.push(database);
  return database.url;
}

async function query(url: string, statement: string): Promise<unknown[][]> {
  const raw = await openRawDatabase(url);
  try {
    return await raw.rows(statement);
  } finally {
    await raw.close();
  }
}

const tables = {
  sqlite: `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
  postgresql: `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
} as const;

describe.each(['sqlite', 'postgresql'] as const)('migrating on %s', (provider) => {
  let names: string[];
  beforeAll(async () => {
    names = await migrateDatabase(optionsFor(await createDatabase(provider)));
  });

  it('applies everything to an empty database, then nothing', async () => {
    const url = await createDatabase(provider);
    expect(await migrateDatabase(optionsFor(url))).toEqual(names);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual(names.toSorted());
    expect(await migrateDatabase(optionsFor(url))).toEqual([]);
  });

  it('happens once, however many processes begin it at the same time', async () => {
    const url = await createDatabase(provider);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => migrateDatabase(optionsFor(url))));
    expect(outcomes.filter((applied) => applied.length > 0)).toEqual([names]);
    expect(
      await query(url, 'SELECT migration_name FROM "_prisma_migrations" ORDER BY migration_name'),
    ).toEqual(names.map((name) => [name]));
  });

  it('leaves nothing behind when it fails, and can be begun again', async () => {
    const url = await createDatabase(provider);
    const connection = await open(provider, url);
    const failing: DirectConnection = {
      ...connection,
      query: async (statement, values) => {
        // The tables have been made by then.
        if (statement.startsWith('INSERT INTO "_prisma_migrations"')) throw new Error('a power cut');
        return connection.query(statement, values);
      },
    };
    await expect(migrate(provider, failing)).rejects.toThrow('a power cut');
    await connection.close();
    expect(await query(url, tables[provider])).toEqual([]);
    expect(await migrateDatabase(optionsFor(url))).toEqual(names);
    expect(await query(url, tables[provider])).toContainEqual(['dtrace_scripts']);
  });

  it('leaves nothing behind when its process dies half-way', async () => {
    const url = await createDatabase(provider);
    const { signal, stdout } = await runShell(
      `exec ${process.execPath} --import ${tsx} --input-type=module -e "$PROGRAM" $PROVIDER $URL`,
      {
        PROGRAM: dyingProgram,
        PROVIDER: provider,
        URL: url.replace('file:', ''),
      },
    );
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'all but committed' });
    expect(await query(url, tables[provider])).toEqual([]);
    expect(await migrateDatabase(optionsFor(url))).toEqual(names);
  });

  it('is checked for without being done', async () => {
    const url = await createDatabase(provider);
    await expect(checkDatabase(optionsFor(url))).rejects.toThrow(
      new MigrationError(
        `The database is not up to date: it lacks ${names.join(', ')}. Run "dtrace-gateway migrate".`,
      ),
    );
    expect(await query(url, tables[provider])).toEqual([]);
    await migrateDatabase(optionsFor(url));
    await expect(checkDatabase(optionsFor(url))).resolves.toBeUndefined();
  });

  it.each([
    [
      'a migration of a newer program',
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at) VALUES ('next', '', '29990101000000_next', CURRENT_TIMESTAMP)`,
      () =>
        'The database is newer than this program: it has the migration "29990101000000_next", which is unknown here. Run a newer version of the gateway.',
    ],
    [
      'a migration that did not finish',
      'UPDATE "_prisma_migrations" SET finished_at = NULL',
      (name: string) =>
        `The migration "${name}" was begun by another tool and did not finish. Mend the database, then use "prisma migrate resolve".`,
    ],
    [
      'a migration that was altered',
      `UPDATE "_prisma_migrations" SET checksum = 'other'`,
      (name: string) => `The migration "${name}" is not the one that the database was made with.`,
    ],
  ])('refuses a database with %s', async (_, statement, message) => {
    const url = await createDatabase(provider);
    await migrateDatabase(optionsFor(url));
    const raw = await openRawDatabase(url);
    await raw.run(statement);
    const before = await raw.rows('SELECT * FROM "_prisma_migrations"');
    const refusal = new MigrationError(message(names[0] ?? ''));
    await expect(migrateDatabase(optionsFor(url))).rejects.toThrow(refusal);
    await expect(checkDatabase(optionsFor(url))).rejects.toThrow(refusal);
    expect(await raw.rows('SELECT * FROM "_prisma_migrations"')).toEqual(before);
    await raw.close();
  });

  it('takes no notice of a migration that was rolled back', async () => {
    const url = await createDatabase(provider);
    await migrateDatabase(optionsFor(url));
    const raw = await openRawDatabase(url);
    await raw.run(`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, rolled_back_at)
      VALUES ('undone', '', '20000101000000_undone', CURRENT_TIMESTAMP)`);
    await raw.close();
    expect(await migrateDatabase(optionsFor(url))).toEqual([]);
  });
});

it('applies what is missing, in order, wherever in the history it belongs', () => {
  const migrations = ['1_one', '2_two', '3_three'].map((name) => ({ name, script: '', checksum: name }));
  const applied = (...applied: string[]) => applied.map((name) => ({ name, checksum: name, finished: true }));
  const pending = (...names: string[]) => findPending(migrations, applied(...names)).map(({ name }) => name);
  expect(pending()).toEqual(['1_one', '2_two', '3_three']);
  expect(pending('1_one')).toEqual(['2_two', '3_three']);
  expect(pending('3_three', '1_one')).toEqual(['2_two']);
  expect(pending('1_one', '2_two', '3_three')).toEqual([]);
});

function open(provider: Provider, url: string): Promise<DirectConnection> {
  return provider === 'sqlite'
    ? openSqliteConnection(url.slice('file:'.length), timeoutMs)
    : openPostgresConnection(url, timeoutMs);
}
