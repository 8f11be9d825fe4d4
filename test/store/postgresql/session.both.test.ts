import { randomUUID } from 'node:crypto';
import { sqltag as sql } from '@prisma/client/runtime/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createAccountOperations } from '../../../src/operations/account-operations.ts';
import { checkDatabase, migrateDatabase, openStore } from '../../../src/store/open-store.ts';
import { createPostgresDialect } from '../../../src/store/postgresql/dialect.ts';
import type { Store } from '../../../src/store/store.ts';
import { createPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { anyEvent } from '../../support/event.ts';

/** What a database, or its owner, may prefer. */
const hostile = {
  timezone: 'America/New_York',
  datestyle: 'SQL, DMY',
  synchronous_commit: 'off',
  default_transaction_read_only: 'on',
  default_transaction_isolation: 'serializable',
  standard_conforming_strings: 'off',
  statement_timeout: '900ms',
  search_path: 'pg_catalog',
  client_encoding: 'LATIN1',
};

const expected = {
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  synchronous_commit: 'on',
  default_transaction_read_only: 'off',
  default_transaction_isolation: 'read committed',
  standard_conforming_strings: 'on',
  search_path: '"public"',
  client_encoding: 'UTF8',
};

const read = `SELECT name, current_setting(name) AS value FROM unnest('{${Object.keys(hostile).join()}}'::text[]) AS name`;

let admin: pg.Client;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
});
afterAll(async () => {
  for (const database of databases) await database.drop();
  await admin.end();
});

async function createDatabase(): Promise<{
  url: string;
  name: string;
  options: typeof limits & { databaseUrl: string };
}> {
  const database = await createPostgresDatabase(inject('postgresUrl'));
  databases.push(database);
  const name = new URL(database.url).pathname.slice(1);
  return { url: database.url, name, options: { databaseUrl: database.url, ...limits } };
}
const limits = { databaseTimeoutMs: 5000, databasePoolSize: 2 };

async function settingsOf(url: string) {
  const dialect = createPostgresDialect({ url, timeoutMs: 5000, poolSize: 2, readCacheBytes: 0 });
  const { client, database } = await dialect.openClients();
  const direct = await dialect.openDirectConnection();
  try {
    const [pooled, beside] = await Promise.all([
      database.query<{ name: string; value: string }>(sql([read] as never)),
      direct.query(read),
    ]);
    return [pooled, beside].map((rows) => Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  } finally {
    await direct.close();
    await client.$disconnect();
  }
}

/** Each kind of write that the store knows. */
async function doEverything(store: Store): Promise<void> {
  const operations = createAccountOperations(store, () => new Date());
  const event = anyEvent();
  await operations.bootstrap();
  await operations.add('user', 'somebody');
  await operations.add('role', 'crew');
  await operations.grant('role', 'crew', 'cloud->dtrace->list');
  await operations.join('somebody', 'crew');
  await operations.grant('user', 'somebody', 'dtrace->_->get');
  const { id } = await operations.createToken('somebody', null, null);
  await operations.revokeToken(id);
  await operations.revoke('user', 'somebody', 'dtrace->_->get');
  await operations.leave('somebody', 'crew');
  await operations.delete('user', 'somebody');
  await operations.delete('role', 'crew');
  const [admin] = await store.accounts.listUsers();
  const uuid = randomUUID();
  const at = new Date();
  const script = { uuid, name: 'n', script: 's', config: {}, metadata: {}, revision: 1 };
  const grant = { userId: admin?.id ?? '', permission: `dtrace->${uuid}->...` };
  expect(await store.scripts.create({ ...script, createdAt: at, updatedAt: at }, grant, event)).toBe(true);
  await store.scripts.setMetadata(uuid, ['a'], { b: 1 }, { event, maxBytes: 1000 });
  expect(await store.scripts.delete(uuid, { event })).toMatchObject({ status: 'written' });
  expect(await store.audit.deleteBefore(new Date(Date.now() + 1000), 1000)).toBeGreaterThan(10);
}

it('sets what answers and writes rest on, whatever the database prefers', async () => {
  const { url, name, options } = await createDatabase();
  for (const [setting, value] of Object.entries(hostile))
    await admin.query(
      `ALTER DATABASE ${name} SET ${setting} = ${setting === 'search_path' ? value : pg.escapeLiteral(value)}`,
    );
  await migrateDatabase(options);
  expect(await settingsOf(url)).toEqual([
    { ...expected, statement_timeout: '5s' },
    { ...expected, statement_timeout: '0' },
  ]);

  await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = 'remote_apply'`);
  const [pooled] = await settingsOf(url);
  expect(pooled?.synchronous_commit).toBe('remote_apply');
});

it('refuses a database that cannot hold every letter', async () => {
  const { url } = await createDatabase();
  const name = new URL(url).pathname.slice(1);
  await admin.query(`DROP DATABASE ${name}`);
  await admin.query(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' TEMPLATE template0`);
  await expect(migrateDatabase({ ...limits, databaseUrl: url })).rejects.toThrow(
    'it has the encoding SQL_ASCII, which lacks letters: create it with the encoding UTF8',
  );
});

it('refuses a role that passes references by', async () => {
  const { name, options } = await createDatabase();
  await migrateDatabase(options);
  await admin.query(`ALTER DATABASE ${name} SET session_replication_role = 'replica'`);
  await expect(openStore(options)).rejects.toThrow(
    'it does not check references: session_replication_role is replica, and has to be origin',
  );
});

it('answers SERVICE_UNAVAILABLE while new connections cannot be worked with, then goes on', async () => {
  const { name, options } = await createDatabase();
  await migrateDatabase(options);
  const store = await openStore(options);
  const operations = createAccountOperations(store, () => new Date());
  const breakConnections = () =>
    admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  try {
    await admin.query(`ALTER DATABASE ${name} SET session_replication_role = 'replica'`);
    await breakConnections();
    for (const attempt of [
      () => store.ping(),
      () => store.scripts.count({ visible: 'all', filter: {} }),
      () => store.accounts.listUsers(),
      () => operations.add('user', 'somebody'),
      () => store.audit.record([anyEvent()]),
    ]) {
      await expect.poll(() => attempt().catch((error) => error.code)).toBe('SERVICE_UNAVAILABLE');
    }
    await admin.query(`ALTER DATABASE ${name} RESET session_replication_role`);
    await expect.poll(() => store.ping().then(() => 'there', String)).toBe('there');
    await operations.add('user', 'somebody');
  } finally {
    await store.close();
  }
});

it('names the rights that a role lacks, and needs no others', async () => {
  const { url, name, options } = await createDatabase();
  await migrateDatabase(options);
  const role = `role_${name}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    await owner.query(`
      GRANT SELECT, INSERT, UPDATE, DELETE ON dtrace_scripts, users, roles TO ${role};
      GRANT SELECT, INSERT, DELETE ON role_members, user_grants, role_grants TO ${role};
      GRANT SELECT, INSERT, UPDATE ON tokens TO ${role};
      GRANT SELECT ON audit_events, _prisma_migrations TO ${role};
      REVOKE EXECUTE ON FUNCTION pg_control_checkpoint() FROM PUBLIC`);
    const address = new URL(url);
    address.username = role;
    address.password = 'secret';
    const asRole = { ...options, databaseUrl: address.href, readCacheBytes: 1_000_000 };
    await expect(openStore(asRole)).rejects.toThrow(
      'the role lacks rights in the schema "public": INSERT on the table audit_events, DELETE on the table audit_events, USAGE on the sequence public.audit_events_id_seq',
    );

    await owner.query(
      `GRANT INSERT, DELETE ON audit_events TO ${role}; GRANT USAGE ON SEQUENCE audit_events_id_seq TO ${role}`,
    );
    await checkDatabase(asRole);
    const store = await openStore(asRole);
    // Where the version of the database cannot be told, every read asks the database.
    for (let time = 0; time < 3; time += 1)
      expect(await store.scripts.count({ visible: 'all', filter: {} })).toBe(0);
    await doEverything(store);
    await store.close();
  } finally {
    await owner.query(`DROP OWNED BY ${role}`);
    await owner.end();
    await admin.query(`DROP ROLE ${role}`);
  }
});
