import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { provider } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: Server;
beforeAll(async () => {
  world = await createWorld();
  server = await startServer({ DATABASE_URL: world.database.url, WORKERS: '2' });
});
afterAll(async () => {
  await server.stop();
  await world.close();
});

const set =
  'mutation ($uuid: UUID!, $key: String!) { setDtraceScriptMetadata(uuid: $uuid, path: [$key], value: 1) { uuid } }';

/** Sends over a connection of its own, so that the workers take turns. */
async function ask(token: string, query: string, variables?: Readonly<Record<string, unknown>>) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data: Record<string, never>; errors?: { message: string }[] };
}

async function metric(name: string): Promise<number> {
  const headers = { authorization: `Bearer ${world.tokens.admin}` };
  const text = await (await fetch(`${server.url}/metrics`, { headers })).text();
  return [...text.matchAll(new RegExp(`^${name}(?:{.*})? (\\d+)$`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

it('several processes behind one port are one gateway', async () => {
  const { admin } = world.tokens;
  const { uuid } = (
    await server.ask(admin, 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }')
  ).data.createDtraceScript;

  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => ask(admin, set, { uuid, key: `k${n}` })),
  );
  expect(answers.filter(({ errors }) => errors)).toEqual([]);
  const { data } = await ask(admin, `{ dtraceScript(uuid: "${uuid}") { revision metadata } }`);
  expect(data.dtraceScript).toMatchObject({ revision: 41 });
  // Counted by both, and added up.
  expect(await metric('dtrace_gateway_graphql_operation_duration_seconds_count')).toBe(42);

  // What one has been told the other knows at the next request.
  const { id, token } = await world.accounts.createToken('reader', null, null);
  for (let n = 0; n < 4; n += 1) expect((await ask(token, '{ viewer { name } }')).errors).toBeUndefined();
  await world.accounts.revokeToken(id);
  for (let n = 0; n < 4; n += 1) expect((await ask(token, '{ viewer { name } }')).errors).toHaveLength(1);
});

// The database has no part in this one.
it.runIf(provider === 'sqlite')('one that is killed is replaced, and the others go on', async () => {
  const workers = () =>
    readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const before = workers();
  expect(before).toHaveLength(2);
  process.kill(before[0] ?? 0, 'SIGKILL');
  await vi.waitUntil(() => !workers().includes(before[0] ?? 0), { timeout: 10_000 });
  for (let n = 0; n < 4; n += 1)
    expect((await ask(world.tokens.admin, '{ viewer { name } }')).data).toBeTruthy();
  await vi.waitUntil(() => workers().length === 2, { timeout: 20_000 });
  expect(server.stderr()).toContain('"event":"worker-ended"');

  // The new one, which has hardly started, included.
  const stoppedAt = Date.now();
  expect(await server.stop()).toMatchObject({ code: 0 });
  expect(Date.now() - stoppedAt).toBeLessThan(9_000);
});
