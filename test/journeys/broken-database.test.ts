import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';
import { openRawDatabase, type RawDatabase } from '../support/raw-database.ts';

const json = { 'content-type': 'application/json' };
const nothing = 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e';

let database: TestDatabase;
let raw: RawDatabase;
let server: Server;
let uuid: string;
/** Of somebody who may do nothing. */
let guest: string;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url, LOG_LEVEL: 'error', REQUEST_TIMEOUT_MS: '5000' });
  raw = await openRawDatabase(database.url);
  const create =
    'mutation { createDtraceScript(input: {name: "n", script: "s", metadata: {a: {b: 1}}}) { uuid } }';
  uuid = (await server.ask(token(), create)).data.createDtraceScript.uuid;
});
afterAll(async () => {
  await raw.close();
  await server.stop();
  await database.drop();
});

const token = () => server.adminToken ?? '';

interface Told {
  readonly status: number;
  readonly code: unknown;
}

/** Sends a request, which is answered by an error that names its id. */
async function send(method: string, path: string, body?: object, as = token()): Promise<Told> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...json, authorization: `Bearer ${as}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
    redirect: 'manual',
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of both APIs
  const answer = (await response.json()) as any;
  const error = answer.error ?? answer.errors?.[0]?.extensions;
  expect(error?.requestId).toBe(response.headers.get('x-request-id'));
  expect(JSON.stringify(answer)).not.toMatch(/no such|does not exist|malformed|SELECT|sqlite|\.js/i);
  return { status: response.status, code: error?.code };
}

const ask = (query: string, as?: string) => send('POST', '/graphql', { query }, as);

/** Each kind of handler that asks for a script. */
const reads: readonly (readonly [string, () => Promise<Told>])[] = [
  ['a script', () => ask(`{ dtraceScript(uuid: "${uuid}") { name config metadata } }`)],
  ['a path of its metadata', () => ask(`{ dtraceScript(uuid: "${uuid}") { metadata(path: ["a", "b"]) } }`)],
  ['a script with a directive', () => ask(`{ dtraceScript(uuid: "${uuid}") { metadata @skip(if: false) } }`)],
  ['a list', () => ask('{ dtraceScripts { uuid metadata } }')],
  [
    'a list by its metadata',
    () => ask('{ dtraceScripts(filter: { metadata: [{ path: ["a"], isSet: true }] }) { uuid metadata } }'),
  ],
  ['a connection', () => ask('{ dtraceScriptsConnection { edges { node { metadata } } totalCount } }')],
  ['a batch', () => ask(`{ dtraceScriptsByUuid(uuids: ["${uuid}"]) { metadata } }`)],
  [
    'an entity',
    () =>
      ask(
        `{ _entities(representations: [{__typename: "DtraceScript", uuid: "${uuid}"}]) { ... on DtraceScript { metadata } } }`,
      ),
  ],
  ['a script over REST', () => send('GET', `/dtrace/${uuid}`)],
  ['a list over REST', () => send('GET', '/dtrace?full-list=true')],
];
const writes: typeof reads = [
  ['a new script', () => ask('mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }')],
  ['a change', () => ask(`mutation { updateDtraceScript(uuid: "${uuid}", input: {name: "n"}) { uuid } }`)],
  [
    'metadata',
    () => ask(`mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["a"], value: 1) { uuid } }`),
  ],
  [
    'less metadata',
    () => ask(`mutation { unsetDtraceScriptMetadata(uuid: "${uuid}", path: ["a"]) { uuid } }`),
  ],
  ['the end of a script', () => ask(`mutation { deleteDtraceScript(uuid: "${nothing}") { uuid } }`)],
  ['a new script over REST', () => send('POST', '/dtrace', { name: 'n', script: 's' })],
  ['a change over REST', () => send('PUT', `/dtrace/${uuid}`, { name: 'n' })],
  ['metadata over REST', () => send('PUT', `/dtrace/${uuid}/metadata/a`, { b: 1 })],
  ['less metadata over REST', () => send('DELETE', `/dtrace/${uuid}/metadata/a`)],
  ['the end of a script over REST', () => send('DELETE', `/dtrace/${nothing}`)],
];
const trail: typeof reads = [['the audit trail', () => ask('{ auditEvents { nodes { id } } }')]];
const refusals: typeof reads = [
  ['a refusal, which is recorded', () => ask('{ dtraceScripts { uuid } }', guest)],
  ['a refusal over REST', () => send('GET', '/dtrace', undefined, guest)],
  ['a refusal of metrics', () => send('GET', '/metrics', undefined, guest)],
  ['a bad token', () => ask('{ viewer { name } }', 'bad')],
  ['a bad token over REST', () => send('GET', '/dtrace', undefined, 'bad')],
];

const internal = { code: 'INTERNAL_SERVER_ERROR' };

/** Takes a table away, and gives it back at the end. */
function without(table: string): void {
  beforeAll(() => raw.run(`ALTER TABLE "${table}" RENAME TO "lost"`));
  afterAll(() => raw.run(`ALTER TABLE "lost" RENAME TO "${table}"`));
}

beforeAll(async () => {
  // Made past the gateway's own ways, which have no place in a test of HTTP.
  guest = `dtg_${randomBytes(32).toString('base64url')}`;
  const digest = createHash('sha256').update(guest).digest('hex');
  const now = "'2026-01-01 00:00:00'";
  await raw.run(`INSERT INTO "users" (id, name, created_at) VALUES ('${nothing}', 'guest', ${now});
    INSERT INTO "tokens" (id, digest, user_id, created_at) VALUES ('${nothing}', '${digest}', '${nothing}', ${now})`);
  expect(await ask('{ dtraceScripts { uuid } }', guest)).toEqual({ status: 403, code: 'FORBIDDEN' });
});

describe('whatever a handler throws is a 500 with the id of its request, and the process lives', () => {
  describe.each([
    ['dtrace_scripts', [...reads, ...writes]],
    ['audit_events', [...writes, ...trail]],
    [
      'tokens',
      [...reads, ...writes, ...refusals, ...trail, ['metrics', () => send('GET', '/metrics')] as const],
    ],
  ])('without the table %s', (table, requests) => {
    without(table);
    it.each(requests)('%s', async (_, request) => {
      const told = await request();
      expect(told).toMatchObject(internal);
      expect([200, 500]).toContain(told.status);
    });
    it('all at once, and the next request is answered', async () => {
      await Promise.all(Array.from({ length: 5 }, () => requests.map(([, request]) => request())).flat());
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    });
  });

  describe('a refusal that cannot be recorded is one all the same', () => {
    without('audit_events');
    it.each(refusals)('%s', async (_, request) => {
      const { status, code } = await request();
      expect([
        [401, 'UNAUTHENTICATED'],
        [403, 'FORBIDDEN'],
      ]).toContainEqual([status, code]);
    });
  });

  it.runIf(provider === 'sqlite')('where a row holds no JSON', async () => {
    // Whoever may write to the database may have anything answered; but not take the server from others.
    const fill = (text: string) =>
      raw.run(`UPDATE "dtrace_scripts" SET metadata = '${text}', changed_in = changed_in + 1000`);
    await fill('{"a":');
    const outcomes = await Promise.all(reads.map(([, request]) => request().catch(() => null)));
    expect(outcomes[1]).toMatchObject(internal);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    await fill('{}');
    expect((await server.ask(token(), '{ dtraceScripts { metadata } }')).errors).toEqual([]);
  });
});

describe('whoever hangs up, the process lives', () => {
  const body = '{"query":"{ dtraceScripts { uuid } }"}';
  const head = (path: string, method: string, length: number) =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: h',
      'Content-Type: application/json',
      `Authorization: Bearer ${token()}`,
      `Content-Length: ${length}`,
      '',
      '',
    ].join('\r\n');

  it.each([
    ['in the middle of a body', () => head('/graphql', 'POST', 1000) + body],
    ['in the middle of a body over REST', () => head('/dtrace', 'POST', 1000) + body],
    ['in the middle of a body that nobody reads', () => head('/dtrace', 'GET', 1000) + body],
    ['in the middle of a body at no address', () => head('/nothing', 'POST', 1000) + body],
    ['before the answer', () => head('/graphql', 'POST', body.length) + body],
    ['before the answer over REST', () => head('/dtrace', 'GET', 0)],
    [
      'before the page',
      () => 'GET /graphql HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\nAccept-Encoding: br\r\n\r\n',
    ],
    ['before the description', () => 'GET /openapi.json HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n'],
    ['before many answers', () => (head('/graphql', 'POST', body.length) + body).repeat(20)],
    [
      'in a chunk that is none',
      () => `${head('/graphql', 'POST', 0).replace(/Content-Length: 0/, 'Transfer-Encoding: chunked')}zz\r\n`,
    ],
  ])('%s', async (_, sent) => {
    const port = Number(new URL(server.url).port);
    for (const waitMs of [0, 1, 10]) {
      const sockets = Array.from({ length: 10 }, () => connect(port, '127.0.0.1').on('error', () => {}));
      for (const socket of sockets) socket.write(sent());
      await sleep(waitMs);
      for (const socket of sockets) socket.resetAndDestroy();
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await server.ask(token(), '{ dtraceScripts { uuid } }')).errors).toEqual([]);
  });
});
