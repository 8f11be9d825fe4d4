import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { provider } from '../support/database.ts';
import { codesOf, createWorld, sendOperation, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
let uuid: string;
beforeAll(async () => {
  world = await createWorld();
  uuid = await world.addScript('watched');
  server = await world.listen();
});
afterAll(async () => {
  await world.close();
});

const get = (path: string, token: string | null, headers = {}) =>
  fetch(server.url + path, {
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });

const ask = (token: string | null, query: string, variables?: Record<string, unknown>) =>
  sendOperation((init) => fetch(`${server.url}/graphql`, init), token, query, variables);

async function scrape(): Promise<string> {
  const response = await get('/metrics', world.tokens.admin);
  expect(response.status).toBe(200);
  return response.text();
}

/** The samples of the gateway's own metrics, less those of buckets. */
async function samples(): Promise<Map<string, number>> {
  const lines = (await scrape()).split('\n').filter((line) => /^dtrace_gateway_(?!.*_bucket\{)/.test(line));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice('dtrace_gateway_'.length, space), Number(line.slice(space + 1))];
    }),
  );
}

/** How the whole numbers among the samples change through an action, those of scraping itself left out. */
async function changes(action: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await samples();
  await action();
  const after = await samples();
  return Object.fromEntries(
    [...after]
      .map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
      .filter(([name, by]) => by !== 0 && !/_sum\b|doorway="other"|^database/.test(name)),
  );
}

it('are for those who hold cloud->metrics->get, in the format that Prometheus reads', async () => {
  expect((await get('/metrics', null)).status).toBe(401);
  const refused = await get('/metrics', world.tokens.reader);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    error: { code: 'FORBIDDEN', permission: 'cloud->metrics->get' },
  });

  const token = await world.addUser('prometheus', 'cloud->metrics->get');
  const accept = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const name = '[a-z_][a-z_0-9]*';
  const label = `${name}="[^"\\\\\\n]*"`;
  const line = new RegExp(`^(# (HELP|TYPE) ${name} .+|${name}(\\{${label}(,${label})*,?\\})? [\\d.e+-]+|)$`);
  // The lag of the event loop is no number before it has been measured.
  await vi.waitFor(async () => {
    const answer = await get('/metrics', token, { accept });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await answer.text()).split('\n').filter((text) => !line.test(text))).toEqual([]);
  });
});

it('tell of the process, the build and the database', async () => {
  const text = await scrape();
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
  ]) {
    expect(text).toMatch(new RegExp(`^${name}\\b`, 'm'));
  }
  expect(text).toMatch(
    new RegExp(
      `^dtrace_gateway_build_info\\{version="[\\d.]+",database="${provider}",node="v[\\d.]+"\\} 1$`,
      'm',
    ),
  );

  const write = `mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["a"], value: 1) { uuid } }`;
  const before = await samples();
  await Promise.all(Array.from({ length: 10 }, () => ask(world.tokens.admin, write)));
  const after = await samples();
  if (provider === 'postgresql') {
    const connections = after.get('database_pool_connections') ?? 0;
    expect(connections).toBeGreaterThan(0);
    expect(after.get('database_pool_idle_connections')).toBeLessThanOrEqual(connections);
    expect(after.get('database_pool_waiting')).toBe(0);
  } else {
    const change = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
    expect(change('database_grouped_writes_total')).toBe(10);
    expect(change('database_group_commits_total')).toBeGreaterThan(0);
    expect(after.get('database_writes_waiting')).toBe(0);
  }
});

const http = (doorway: string, method: string, status: string) =>
  `http_request_duration_seconds_count{doorway="${doorway}",method="${method}",status="${status}"}`;
const operations = (type: string) => `graphql_operation_duration_seconds_count{type="${type}"}`;
const rootField = (type: string, field: string) =>
  `graphql_root_fields_total{type="${type}",field="${field}"}`;
const errors = (code: string) => `errors_total{code="${code}"}`;
const refusals = (kind: string) => `permission_refusals_total{permission="${kind}"}`;

it('count operations once each, whichever way they are executed', async () => {
  const query =
    'query Chosen { a: viewer { name } ...F ... { viewer { name } } } fragment F on Query { dtraceScripts { uuid } }';
  const counted = await changes(async () => {
    for (let time = 0; time < 5; time += 1) expect((await ask(world.tokens.admin, query)).errors).toEqual([]);
    const url = `/graphql?query=${encodeURIComponent(query)}`;
    expect((await get(url, world.tokens.admin)).status).toBe(200);
  });
  expect(counted).toEqual({
    [http('graphql', 'POST', '200')]: 5,
    [http('graphql', 'GET', '200')]: 1,
    [operations('query')]: 6,
    [rootField('query', 'viewer')]: 12,
    [rootField('query', 'dtraceScripts')]: 6,
  });
});

it('count errors by code, refusals by kind, and failed sign-ins', async () => {
  const one = `{ dtraceScript(uuid: "${uuid}") { name } }`;
  const counted = await changes(async () => {
    expect(codesOf(await ask(world.tokens.lister, one))).toEqual(['FORBIDDEN']);
    expect((await get(`/dtrace/${uuid}`, world.tokens.lister)).status).toBe(403);
    expect(codesOf(await ask('dtg_bad', one))).toEqual(['UNAUTHENTICATED']);
    expect((await get('/dtrace', 'dtg_bad')).status).toBe(401);
    expect((await get('/dtrace', null)).status).toBe(401);
    const badVariable = ask(world.tokens.admin, 'query ($u: UUID!) { dtraceScript(uuid: $u) { name } }', {
      u: 1,
    });
    expect(codesOf(await badVariable)).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await ask(world.tokens.admin, '{ nothing }'))).toEqual(['BAD_USER_INPUT']);
  });
  expect(counted).toEqual({
    [http('graphql', 'POST', '200')]: 1,
    [http('graphql', 'POST', '401')]: 1,
    [http('graphql', 'POST', '400')]: 2,
    [http('rest', 'GET', '403')]: 1,
    [http('rest', 'GET', '401')]: 2,
    [operations('query')]: 1,
    [rootField('query', 'dtraceScript')]: 1,
    [errors('FORBIDDEN')]: 2,
    [errors('UNAUTHENTICATED')]: 3,
    [errors('BAD_USER_INPUT')]: 2,
    [refusals('dtrace->_->get')]: 2,
    failed_sign_ins_total: 2,
  });
});

it('count a client that hangs up, and keep every name that a client chooses to themselves', async () => {
  const counted = await changes(async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    socket.write('PROPFIND /chosen HTTP/1.1\r\nhost: g\r\n\r\n');
    await vi.waitFor(async () => expect(socket.bytesWritten).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await once(socket, 'close');
    await fetch(`${server.url}/dtrace/chosen`, { method: 'PROPFIND' });
    await vi.waitFor(async () => expect(await scrape()).toContain('status="aborted"'));
  });
  expect(counted).toMatchObject({
    [http('graphql', 'POST', 'aborted')]: 1,
    [http('rest', 'other', '404')]: 1,
  });
  expect(await scrape()).not.toMatch(/chosen|propfind/i);
  expect(await scrape()).not.toContain(uuid);
});
