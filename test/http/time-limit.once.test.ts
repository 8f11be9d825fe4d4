import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { holdWrites } from '../support/raw-database.ts';
import { createWorld, sendOperation, type World } from '../support/world.ts';

const timeoutMs = 300;
const late = /^The request took longer than 300 ms \(REQUEST_TIMEOUT_MS\)\. A write may still happen: /;

let world: World;
let server: RunningServer;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ REQUEST_TIMEOUT_MS: String(timeoutMs) });
  uuid = await world.addScript('slow');
  server = await world.listen();
});
afterAll(async () => {
  await world.close();
});

const ask = (query: string) =>
  sendOperation((init) => fetch(`${server.url}/graphql`, init), world.tokens.admin, query);

it('what takes too long to answer is given up with 503, GraphQL and REST; what writes may yet happen', async () => {
  const release = await holdWrites(world.database.url);
  const write = `mutation { unsetDtraceScriptMetadata(uuid: "${uuid}", path: ["a"]) { uuid } }`;
  const began = performance.now();
  const answers = Promise.all([
    ask(write),
    fetch(`${server.url}/dtrace/${uuid}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.tokens.admin}`, 'content-type': 'application/json' },
      body: '{"name": "later"}',
    }),
    ask('{ viewer { name } }'),
  ]);
  const [graphql, rest, quick] = await answers;
  const tookMs = performance.now() - began;
  await release();
  expect(graphql).toMatchObject({
    status: 503,
    errors: [{ message: expect.stringMatching(late), extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  });
  expect([rest.status, await rest.json()]).toMatchObject([
    503,
    { error: { message: expect.stringMatching(late), code: 'SERVICE_UNAVAILABLE' } },
  ]);
  expect(quick.errors).toEqual([]);
  expect(tookMs).toBeGreaterThanOrEqual(timeoutMs);
  expect(tookMs).toBeLessThan(timeoutMs + 2_000);
  const name = async () => (await ask(`{ dtraceScript(uuid: "${uuid}") { name } }`)).data;
  await expect.poll(name).toEqual({ dtraceScript: { name: 'later' } });
});

describe('a request that does not arrive in time is answered by 408', () => {
  const head = ['POST /graphql HTTP/1.1', 'Host: h', 'Content-Type: application/json', 'Content-Length: 9'];
  it.each([
    ['in the middle of its head', head.join('\r\n')],
    ['in the middle of its body', `${head.join('\r\n')}\r\n\r\n{"query"`],
  ])('%s', async (_, sent) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(sent);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('x-content-type-options: nosniff\r\n');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      errors: [
        {
          message: 'The request did not arrive within 300 ms (REQUEST_TIMEOUT_MS).',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });
});

it('headers beyond what is read are answered by 431', async () => {
  const response = await fetch(`${server.url}/health/live`, { headers: { 'x-long': 'x'.repeat(17_000) } });
  expect([response.status, await response.json()]).toMatchObject([
    431,
    { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  ]);
});
