import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ MAX_FAILED_SIGN_INS: '1000' });
  server = await world.listen();
  uuid = await world.addScript('a "name"\n', { config: { a: [1, null] }, metadata: { é: '\u2028' } });
});
afterAll(async () => {
  await world.close();
});

it.each<[what: string, path: () => string]>([
  ['a script', () => `/dtrace/${uuid}`],
  ['a script, by a version of the API', () => `/api/0.1.0/dtrace/${uuid}`],
  ['a script in upper case', () => `/dtrace/${uuid.toUpperCase()}`],
  ['a script with a slash behind', () => `/dtrace/${uuid}/`],
  ['a script with a question', () => `/dtrace/${uuid}?full-list=true`],
  ['a script that is not there', () => '/dtrace/00000000-0000-4000-8000-000000000000'],
  ['half a UUID', () => `/dtrace/${uuid.slice(0, 20)}`],
  ['something below a script', () => `/dtrace/${uuid}/metadata`],
])('answers alike whichever way it takes: %s', async (_, path) => {
  for (const token of [world.tokens.admin, world.tokens.lister, null, 'dtg_bad']) {
    for (const accept of ['application/json', '*/*', 'text/html', 'application/json;q=0.5']) {
      // A page of the gateway's own origin is the same to all rules, and goes the long way.
      const long = await get(path(), token, { accept, origin: server.url });
      const short = await get(path(), token, { accept });
      expect(short.length).toBe(String(Buffer.byteLength(short.body)));
      // PostgreSQL writes JSON with spaces.
      expect({ ...short, body: JSON.parse(short.body) }).toEqual({
        ...long,
        length: short.length,
        body: JSON.parse(long.body),
      });
    }
  }
});

it('whoever is refused on the short way is refused, and counted, once', async () => {
  const read = async (metric: string) => {
    const { body } = await get('/metrics', world.tokens.admin, {});
    return Number(new RegExp(`^dtrace_gateway_${metric} (\\d+)$`, 'm').exec(body)?.[1] ?? 0);
  };
  const metrics = ['failed_sign_ins_total', 'permission_refusals_total{permission="dtrace->_->get"}'].map(
    (name) => name.replace(/[{}|]/g, '\\$&'),
  );
  const before = await Promise.all(metrics.map(read));
  expect((await get(`/dtrace/${uuid}`, 'dtg_another', {})).status).toBe(401);
  expect((await get(`/dtrace/${uuid}`, world.tokens.lister, {})).status).toBe(403);
  expect(await Promise.all(metrics.map(read))).toEqual(before.map((count) => count + 1));
  const { data } = await world.ask(
    'admin',
    `{ auditEvents(filter: { outcome: FORBIDDEN, scriptUuid: "${uuid}" }, first: 100) { nodes { requestId } } }`,
  );
  const last = data.auditEvents.nodes[0].requestId;
  expect(
    data.auditEvents.nodes.filter((event: { requestId: string }) => event.requestId === last),
  ).toHaveLength(1);
});

async function get(path: string, token: string | null, headers: Readonly<Record<string, string>>) {
  const response = await fetch(server.url + path, {
    headers: {
      ...('accept' in headers ? { 'x-request-id': 'same' } : {}),
      ...headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const body = await response.text();
  const kept = ['content-type', 'vary', 'x-request-id', 'www-authenticate', 'allow'];
  const all = Object.fromEntries(kept.map((name) => [name, response.headers.get(name)]));
  const length = response.headers.get('content-length');
  return { status: response.status, headers: all, length, body };
}
