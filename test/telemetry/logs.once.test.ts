import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqliteDatabase, type TestDatabase } from '../support/database.ts';
import { type Environment, type Server, startServer } from '../support/process.ts';

const databases: TestDatabase[] = [];
const start = async (environment: Environment): Promise<Server> => {
  const database = await createSqliteDatabase();
  databases.push(database);
  return startServer({ DATABASE_URL: database.url, ...environment });
};

let server: Server;
beforeAll(async () => {
  server = await start({ LOG_LEVEL: 'debug' });
});
afterAll(async () => {
  await server.stop();
  for (const database of databases) await database.drop();
});

/** What the server has logged about a request, its last line included. */
async function entriesOf(requestId: string) {
  await expect
    .poll(() => server.stderr())
    .toMatch(new RegExp(`"event":"request","requestId":"${requestId}"`));
  return server
    .stderr()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.requestId === requestId);
}

const long = 'N'.repeat(1000);

it('names the operation and the user of a request, and repeats no token, variable or text of any length', async () => {
  const answer = await fetch(`${server.url}/graphql?secret=1`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.adminToken}`,
      'x-request-id': 'operation-1',
    },
    body: JSON.stringify({
      query: `mutation ${long}($input: CreateDtraceScriptInput!) { createDtraceScript(input: $input) { uuid } }`,
      variables: { input: { name: 'the name', script: 'the source', metadata: { key: 'the value' } } },
    }),
  });
  expect(await answer.json()).toHaveProperty('data.createDtraceScript.uuid');
  const entries = await entriesOf('operation-1');
  expect(entries).toEqual([
    {
      level: 'debug',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: server.pid,
      event: 'operation',
      requestId: 'operation-1',
      user: 'admin',
      type: 'mutation',
      operation: `${'N'.repeat(200)}…`,
      durationMs: expect.any(Number),
    },
    expect.objectContaining({
      event: 'request',
      method: 'POST',
      path: '/graphql',
      status: 200,
      durationMs: expect.any(Number),
    }),
  ]);
  expect(server.stderr()).not.toMatch(/dtg_|the name|the source|the value|secret/);
});

it('names what was refused, under the id that the error carries', async () => {
  const path = '/dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e';
  const answer = await fetch(server.url + path, { headers: { authorization: 'Bearer dtg_wrong' } });
  const { error } = (await answer.json()) as { error: { requestId: string } };
  expect(answer.headers.get('x-request-id')).toBe(error.requestId);
  expect(await entriesOf(error.requestId)).toEqual([
    expect.objectContaining({ level: 'debug', event: 'sign-in-failed', method: 'GET', path }),
    expect.objectContaining({ event: 'request', status: 401 }),
  ]);
});

it('begins and ends with the start and the stop at the level info, and is silent when it is to be', async () => {
  const [info, silent] = await Promise.all([start({ LOG_LEVEL: 'info' }), start({ LOG_LEVEL: 'silent' })]);
  for (const { url } of [info, silent]) expect((await fetch(`${url}/dtrace`)).status).toBe(401);
  const [ended, endedSilently] = await Promise.all([info.stop(), silent.stop()]);
  const entries = ended.stderr.trimEnd().split('\n');
  expect(entries.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'info', event: 'started', url: info.url, database: 'sqlite' }),
    expect.objectContaining({ level: 'info', event: 'stopping' }),
    expect.objectContaining({ level: 'info', event: 'stopped' }),
  ]);
  expect(endedSilently).toMatchObject({ code: 0, stderr: '' });
});
