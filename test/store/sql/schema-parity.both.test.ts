import { afterAll, describe, expect, inject, it } from 'vitest';
import { openSchemaEngine, readSchema } from '../../../scripts/schema-engine.ts';
import { migrateDatabase } from '../../../src/store/open-store.ts';
import type { Provider } from '../../../src/store/store.ts';
import { createPostgresDatabase, createSqliteDatabase, type TestDatabase } from '../../support/database.ts';
import { openRawDatabase } from '../../support/raw-database.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function createDatabase(provider: Provider): Promise<string> {
  const database =
    provider === 'sqlite'
      ? await createSqliteDatabase()
      : await createPostgresDatabase(inject('postgresUrl'));
  databases.push(database);
  return database.url;
}

async function migratedDatabase(provider: Provider): Promise<string> {
  const url = await createDatabase(provider);
  await migrateDatabase({ databaseUrl: url, databaseTimeoutMs: 5000, databasePoolSize: 1 });
  return url;
}

/** Everything that a database is made of, but for Prisma's own table and for collations. */
const catalogue = {
  sqlite: [
    `SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden FROM sqlite_schema t, pragma_table_xinfo(t.name) c
      WHERE t.type = 'table' AND t.name <> '_prisma_migrations' ORDER BY t.name, c.name`,
    `SELECT t.name, f.* FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY 1, 2, 3`,
    `SELECT t.name, i.name, i."unique", i.origin, i.partial, c.seqno, c.name, c."desc", c.coll
      FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c
      WHERE t.type = 'table' AND t.name <> '_prisma_migrations' ORDER BY 1, 2, 6`,
    `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name`,
  ],
  postgresql: [
    `SELECT table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision,
      datetime_precision, is_nullable, column_default, is_generated FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY table_name, column_name`,
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY indexname`,
    `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations' ORDER BY 1, 2`,
    `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`,
  ],
} as const;

async function describeDatabase(provider: Provider, url: string): Promise<unknown[][][]> {
  const raw = await openRawDatabase(url);
  try {
    const parts: unknown[][][] = [];
    for (const query of catalogue[provider]) parts.push(await raw.rows(query));
    return parts;
  } finally {
    await raw.close();
  }
}

describe.each(['sqlite', 'postgresql'] as const)('the migrations of %s', (provider) => {
  it('make the database that the schema describes', async () => {
    const url = await createDatabase(provider);
    const script = await (await openSchemaEngine(provider, url)).createScript();
    const raw = await openRawDatabase(url);
    await raw.run(script);
    await raw.close();

    const wanted = await describeDatabase(provider, url);
    expect(wanted[0]?.length).toBeGreaterThan(20);
    expect(await describeDatabase(provider, await migratedDatabase(provider))).toEqual(wanted);
  });

  it('leave Prisma nothing to do, and nothing to complain about', async () => {
    const url = await migratedDatabase(provider);
    const engine = await openSchemaEngine(provider, url);
    expect(await engine.diagnose()).toBeNull();
    expect(await engine.applyMigrations()).toEqual([]);
  });

  // On SQLite, Prisma's engine would lock out the second connection of our adapter.
  it.runIf(provider === 'postgresql')('may be applied by Prisma as well', async () => {
    const url = await createDatabase(provider);
    const applied = await (await openSchemaEngine(provider, url)).applyMigrations();
    expect(applied.length).toBeGreaterThan(0);
    expect(await describeDatabase(provider, url)).toEqual(
      await describeDatabase(provider, await migratedDatabase(provider)),
    );
  });
});

it('both schemas describe the same models, but for native types, kinds of indexes and the size of integers', () => {
  const models = (provider: Provider) =>
    readSchema(provider)
      .replace(/^(generator|datasource) [^}]*}$/gm, '')
      .replace(/\/\/.*$/gm, '')
      .replace(/@db\.\w+(\(\d+\))?/g, '')
      .replace(/@@index\(.*, type: \w+\)$/gm, '')
      // An integer of SQLite has 64 bits, but for Prisma only those that it calls Int number themselves.
      .replace(/^ +id +BigInt/m, 'id Int')
      .replace(/\s+/g, ' ')
      .trim();
  expect(models('postgresql')).toContain('model DtraceScript {');
  expect(models('postgresql')).toBe(models('sqlite'));
});
