import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { runShell, type Server, startServer } from '../support/process.ts';
import { openRawDatabase } from '../support/raw-database.ts';
import { createWorld } from '../support/world.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function newDatabase(): Promise<string> {
  const database = await createDatabase();
  databases.push(database);
  return database.url;
}

/** The curl command that a server prints, ready for a shell. */
const queryOf = ({ stdout }: Server) => /^curl [\s\S]*?(?=\n\n)/m.exec(stdout())?.[0] ?? '';

const samples = ['zfs reads', 'erlang function calls'];

describe('the first start on an empty database', { concurrent: true }, () => {
  it('prints a token, once, and a query that works as it stands', async () => {
    const DATABASE_URL = await newDatabase();
    const server = await startServer({ DATABASE_URL });
    expect(server.stdout()).toMatch(
      /^The DTrace gateway is ready \((SQLite|PostgreSQL|sqlite|postgresql)\)\.$/m,
    );
    expect(server.stdout().match(/^Admin token: dtg_[\w-]{43}$/gm)).toHaveLength(1);

    const { code, stdout } = await runShell(queryOf(server), {});
    expect(code).toBe(0);
    const { data, errors } = JSON.parse(stdout);
    expect(errors).toBeUndefined();
    expect(data.viewer).toEqual({ name: 'admin' });
    const names = data.dtraceScripts.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(provider === 'sqlite' ? samples.toSorted() : []);

    const { adminToken = '' } = server;
    const { code: exitCode, stderr } = await server.stop();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });

    const again = await startServer({ DATABASE_URL });
    expect(again.adminToken).toBeUndefined();
    expect(again.stdout()).not.toContain('dtg_');
    expect(queryOf(again)).toContain("-H 'authorization: Bearer <token>'");
    const answer = await again.ask(adminToken, '{ viewer { name } dtraceScripts { uuid } }');
    expect(answer.data.viewer).toEqual({ name: 'admin' });
    expect(answer.data.dtraceScripts).toHaveLength(names.length);
    await again.stop();
  });

  it('leaves a database alone that an administrator has begun to use', async () => {
    const world = await createWorld();
    const server = await startServer({ DATABASE_URL: world.database.url });
    expect(server.adminToken).toBeUndefined();
    expect(server.stdout()).not.toContain('dtg_');
    const { data } = await server.ask(world.tokens.admin, '{ dtraceScripts { uuid } }');
    expect(data.dtraceScripts).toEqual([]);
    await server.stop();
    await world.close();
  });

  it('may happen to two servers at the same time: one of them is the first', async () => {
    const DATABASE_URL = await newDatabase();
    const servers = await Promise.all([startServer({ DATABASE_URL }), startServer({ DATABASE_URL })]);
    const tokens = servers.flatMap(({ adminToken }) => adminToken ?? []);
    expect(tokens).toHaveLength(1);
    const answers = await Promise.all(
      servers.map((server) => server.ask(tokens[0] ?? '', '{ viewer { name } dtraceScripts { name } }')),
    );
    for (const { data } of answers) {
      expect(data.viewer).toEqual({ name: 'admin' });
      expect(data.dtraceScripts).toHaveLength(provider === 'sqlite' ? samples.length : 0);
    }
    const raw = await openRawDatabase(DATABASE_URL);
    expect(await raw.rows('SELECT "name" FROM "users"')).toEqual([['admin']]);
    expect(await raw.rows('SELECT "permission" FROM "user_grants"')).toEqual([['...']]);
    expect(await raw.rows('SELECT "label" FROM "tokens"')).toEqual([['first start']]);
    await raw.close();
    expect(await Promise.all(servers.map((server) => server.stop()))).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
  });
});
