import { EventEmitter } from 'node:events';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createUserPermissions } from '../../../src/identity/user-permissions.ts';
import { createAccountOperations } from '../../../src/operations/account-operations.ts';
import { migrateDatabase, openStore } from '../../../src/store/open-store.ts';
import { createServerCount } from '../../../src/store/postgresql/server-count.ts';
import type { Store, UserState } from '../../../src/store/store.ts';
import { createPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { openRawDatabase } from '../../support/raw-database.ts';

const now = () => new Date();
let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createPostgresDatabase(inject('postgresUrl'));
  const options = { databaseUrl: database.url, databaseTimeoutMs: 5000, databasePoolSize: 2 };
  await migrateDatabase(options);
  store = await openStore(options);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

it('counts another server when a connection tells another start, and when one breaks', () => {
  const { addConnection, server } = createServerCount();
  const connect = (startedAt: string) => {
    const client = new EventEmitter();
    addConnection(client as unknown as ClientBase, startedAt);
    return client;
  };
  const counted = [connect('first'), connect('first')].map(() => server());
  expect(counted).toEqual([0, 0]);
  const client = connect('second');
  expect(server()).toBe(1);
  client.emit('error', new Error('broken'));
  expect(server()).toBe(2);
});

it('after a fail-over, cached permissions are not used for a version that comes a second time', async () => {
  const operations = createAccountOperations(store, now);
  await operations.add('user', 'holder');
  await operations.grant('user', 'holder', 'cloud->dtrace->list');
  await operations.link('holder', 'subject');
  const permissionsOf = createUserPermissions(store.accounts);
  const mayList = async () => {
    const user = (await store.accounts.findSubject('subject')) as UserState;
    return { user, may: (await permissionsOf(user)).granted.length > 0 };
  };
  const before = await mayList();
  expect(before.may).toBe(true);

  // The other server lacks the grant. Something else has raised the version there.
  const raw = await openRawDatabase(database.url);
  await raw.run('DELETE FROM user_grants');
  await raw.run(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await expect.poll(() => mayList().catch(() => ({ may: undefined }))).toMatchObject({ may: false });
  const after = await mayList();
  expect(after.user.permissionsVersion).toBe(before.user.permissionsVersion);
  await raw.close();
});
