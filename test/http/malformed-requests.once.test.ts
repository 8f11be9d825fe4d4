import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
beforeAll(async () => {
  world = await createWorld();
  server = await world.listen();
});
afterAll(async () => {
  await world.close();
});

/** Sends a request's head as it stands, and reads until the server closes the connection. */
async function send(...lines: string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.end([...lines, 'Connection: close', '', ''].join('\r\n'));
  return text(socket);
}

it.each([
  ['a Host that is none', ['GET / HTTP/1.1', 'Host: a b']],
  ['a Host that is half an address', ['GET /health/live HTTP/1.1', 'Host: [::1']],
  ['no Host where there need be none', ['GET /health/live HTTP/1.0']],
  ['an asterisk for a path', ['OPTIONS * HTTP/1.1', 'Host: h']],
  ['an address of its own that is none', ['GET http://[/graphql HTTP/1.1', 'Host: h']],
])('answers 400 to %s, without a word about the inside', async (_, lines) => {
  const answer = await send(...lines);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  const id = /^x-request-id: (\S+)$/m.exec(answer)?.[1];
  expect(answer).toContain(`"requestId":"${id}"`);
  expect(answer).not.toMatch(/node_modules|\.ts|\.js|at /);
});

it.each([
  ['a path that begins with two slashes', ['GET //x/nothing HTTP/1.1', 'Host: h'], 404],
  ['a path that is not encoded well', ['GET /%zz HTTP/1.1', 'Host: h'], 404],
  ['a whole address in the place of a path', ['GET http://e/health/live HTTP/1.1', 'Host: h'], 200],
  [
    'an empty body',
    ['POST /graphql HTTP/1.1', 'Host: h', 'Content-Type: application/json', 'Content-Length: 0'],
    400,
  ],
])('answers %s as any other request', async (_, lines, status) => {
  const answer = await send(...lines);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).not.toMatch(/node_modules/);
});
