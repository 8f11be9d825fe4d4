import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAccountOperations } from '../../../src/operations/account-operations.ts';
import { migrateDatabase, openStore } from '../../../src/store/open-store.ts';
import { createPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { hasPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { openRawDatabase } from '../../support/raw-database.ts';

const limits = { databaseTimeoutMs: 5000, databasePoolSize: 5, readCacheBytes: 1_000_000 };
const page = { visible: 'all', filter: {}, order: { field: 'name', direction: 'asc' }, limit: 5 } as const;

describe.skipIf(!hasPgBouncer)('behind PgBouncer (to run this: apt-get install pgbouncer)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase(inject('postgresUrl'));
    const raw = await openRawDatabase(database.url);
    await raw.run(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'America/New_York'`,
    );
    await raw.close();
  });
  afterAll(() => database.drop());

  it.each([
    ['with its defaults', []],
    ['dropping what it is sent at start', ['ignore_startup_parameters = options,statement_timeout']],
    ['giving connections on as they are', ['server_reset_query =']],
  ])('with session pooling, %s, all is as with a direct connection', async (_, settings) => {
    const pooler = await startPgBouncer(database.url, settings);
    const options = { ...limits, databaseUrl: pooler.urlOf('session') };
    const raw = await openRawDatabase(database.url);
    try {
      await migrateDatabase(options);
      // One after the other, so that the second is given connections that the first has used.
      for (let time = 0; time < 2; time += 1) {
        const stores = await Promise.all([openStore(options), openStore(options)]);
        const reads = stores.flatMap((store) =>
          Array.from({ length: 50 }, () => [
            store.scripts.list(page, ['name', 'createdAt']),
            store.accounts.listUsers(),
            store.accounts.findToken('none', new Date()),
          ]),
        );
        await Promise.all(reads.flat());
        const operations = createAccountOperations(stores[0], () => new Date());
        await operations.bootstrap();
        const expiresAt = new Date(Date.now() + 60_000);
        const { id } = await operations.createToken('admin', null, expiresAt);
        const at = `SELECT extract(epoch FROM expires_at) * 1000 FROM tokens WHERE id = ${pg.escapeLiteral(id)}`;
        expect(Number((await raw.rows(at))[0]?.[0])).toBe(expiresAt.getTime());
        await Promise.all(stores.map((store) => store.close()));
      }
    } finally {
      await raw.close();
      await pooler.stop();
    }
  });

  it('with any other pooling, nothing starts, and nothing is changed', async () => {
    const pooler = await startPgBouncer(database.url);
    const single = await startPgBouncer(database.url, ['default_pool_size = 1']);
    const direct = { ...limits, databaseUrl: database.url };
    try {
      await migrateDatabase(direct);
      const shared =
        'it is behind a pooler that shares connections between transactions: set it to session pooling, or connect directly';
      const transaction = { ...limits, databaseUrl: pooler.urlOf('transaction') };
      await expect(migrateDatabase(transaction)).rejects.toThrow(shared);
      await expect(openStore(transaction)).rejects.toThrow(shared);
      await expect(migrateDatabase({ ...limits, databaseUrl: pooler.urlOf('statement') })).rejects.toThrow(
        'it is behind a pooler that does not give two connections at a time (transaction blocks not allowed in statement pooling mode)',
      );
      await expect(
        migrateDatabase({ ...limits, databaseTimeoutMs: 500, databaseUrl: single.urlOf('transaction') }),
      ).rejects.toThrow(/^it is behind a pooler that does not give two connections at a time/);
    } finally {
      await Promise.all([pooler.stop(), single.stop()]);
    }
  });
});
