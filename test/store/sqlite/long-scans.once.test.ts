import { randomUUID } from 'node:crypto';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, sendOperation, type World } from '../../support/world.ts';

/** More than are sorted rather than walked through in order. */
const count = 12_000;

let world: World;
let single: string;
beforeAll(async () => {
  world = await createWorld({ MAX_COST: '1000000', MAX_LIST_SIZE: '20000', READ_CACHE_BYTES: '0' });
  single = await world.addUser('of many', 'cloud->dtrace->list');
  const database = new DatabaseSync(world.config.databaseUrl.slice('file:'.length));
  const script = database.prepare(`
    INSERT INTO "dtrace_scripts" ("uuid", "name", "script", "config", "metadata", "created_at", "updated_at", "changed_in")
    VALUES (?, ?, 's', '{}', ?, ?, ?, ?)`);
  const grant = database.prepare(`
    INSERT INTO "user_grants" ("user_id", "permission", "script_uuid", "since_version")
    SELECT "id", ?, ?, "permissions_version" FROM "users" WHERE "name" = 'of many'`);
  const keys = Array.from({ length: 70 }, (_, index) => [`key${index}`, { a: index, text: 'some text' }]);
  const metadata = JSON.stringify(Object.fromEntries(keys));
  const time = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  database.exec('BEGIN');
  for (let index = 0; index < count; index += 1) {
    const uuid = randomUUID();
    const name = `name ${String((index * 7919) % count).padStart(5, '0')}`;
    script.run(uuid, name, metadata, time(index), time(count - index), index + 1);
    if (index % 2 === 0) grant.run(`dtrace->${uuid}->get`, uuid);
  }
  database.exec(`UPDATE "users" SET "permissions_version" = "permissions_version" + 1,
    "permissions_reset_version" = "permissions_version" + 1 WHERE "name" = 'of many'`);
  database.exec('COMMIT');
  database.close();
});
afterAll(() => world.close());

/** Asks, and counts how often the event loop came round meanwhile. */
async function askWhileTicking(token: string, query: string, variables?: Readonly<Record<string, unknown>>) {
  let [ticks, isOver] = [0, false];
  const tick = () => {
    ticks += 1;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const answer = await sendOperation((init) => world.fetch('/graphql', init), token, query, variables);
  isOver = true;
  expect(answer.errors).toEqual([]);
  return { ticks, data: answer.data };
}

const conditions = Array.from({ length: 20 }, (_, index) => ({ path: [`key${index}`, 'a'], equals: index }));
const withFilter = (selection: string) =>
  `query ($filter: DtraceScriptFilter) { dtraceScriptsConnection(first: 50, filter: $filter) { ${selection} } }`;

it('a count with twenty conditions gives way again and again', async () => {
  const filter = { metadata: conditions };
  const { ticks, data } = await askWhileTicking(world.tokens.admin, withFilter('totalCount'), { filter });
  expect(data.dtraceScriptsConnection.totalCount).toBe(count);
  expect(ticks).toBeGreaterThan(5);
});

it('a list that finds nothing gives way again and again', async () => {
  const filter = { metadata: [...conditions.slice(1), { path: ['absent'], isSet: true }] };
  const { ticks, data } = await askWhileTicking(world.tokens.admin, withFilter('nodes { uuid }'), { filter });
  expect(data.dtraceScriptsConnection.nodes).toEqual([]);
  expect(ticks).toBeGreaterThan(5);
});

it('a list of thousands is complete and in order', async () => {
  const query = '{ dtraceScripts(first: 20000, orderBy: { field: NAME }) { name } }';
  const { data } = await askWhileTicking(world.tokens.admin, query);
  const names = data.dtraceScripts.map(({ name }: { name: string }) => name);
  expect(names).toHaveLength(count);
  expect(names).toEqual([...names].sort());
});

it('a list and a count for thousands of single scripts are theirs', async () => {
  const query =
    '{ dtraceScriptsConnection(first: 100, orderBy: { field: NAME, direction: DESC }) { totalCount nodes { name } } }';
  const every = await askWhileTicking(world.tokens.admin, '{ dtraceScripts(first: 20000) { name } }');
  const granted = every.data.dtraceScripts.filter((_: unknown, index: number) => index % 2 === 0);
  const names = granted.map(({ name }: { name: string }) => name).sort();
  for (let time = 0; time < 3; time += 1) {
    const { data } = await askWhileTicking(single, query);
    expect(data.dtraceScriptsConnection.totalCount).toBe(count / 2);
    expect(data.dtraceScriptsConnection.nodes.map(({ name }: { name: string }) => name)).toEqual(
      names.slice(-100).reverse(),
    );
  }
});

it('a wide range of another field than the order is walked through in order', async () => {
  const filter = { updatedAt: { gt: '2026-01-01T00:00:10Z' }, name: { contains: '7' } };
  const { data } = await askWhileTicking(
    world.tokens.admin,
    withFilter('nodes { name createdAt } totalCount'),
    {
      filter,
    },
  );
  const { nodes, totalCount } = data.dtraceScriptsConnection;
  expect(nodes).toHaveLength(50);
  expect(nodes.map(({ createdAt }: { createdAt: string }) => createdAt)).toEqual(
    nodes.map(({ createdAt }: { createdAt: string }) => createdAt).sort(),
  );
  expect(totalCount).toBeGreaterThan(1000);
});
