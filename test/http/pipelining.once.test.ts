import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';

const request = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: h', ...headers, '', ''].join('\r\n');

let database: TestDatabase;
let server: Server;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Connections that each send all of this at once, and read nothing. */
async function flood(connections: number, sent: string): Promise<Socket[]> {
  const port = Number(new URL(server.url).port);
  return Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1').pause();
      socket.on('error', () => {});
      socket.write(sent);
      return socket;
    }),
  );
}

/** The most memory that the server has had, in MiB. */
async function peakMiB(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The longest time that a question for life took, asked all the while. */
async function longestWaitMs(durationMs: number): Promise<number> {
  let longest = 0;
  for (const endAt = performance.now() + durationMs; performance.now() < endAt; await sleep(10)) {
    const began = performance.now();
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    longest = Math.max(longest, performance.now() - began);
  }
  return longest;
}

// Linux alone tells how much memory another process has had.
it.runIf(existsSync('/proc/self/status')).each([
  ['more than a connection may have under way', 1_500, '/openapi.json'],
  ['as many as it may, of a page that is compressed', 32, '/graphql'],
])(
  'answers that nobody reads fill no memory, and keep nobody waiting: %s',
  async (_, requests, path) => {
    const sent = request(path, 'accept: text/html, application/json', 'accept-encoding: br').repeat(requests);
    // The server has compiled what it runs, and knows its own size.
    for (const socket of await flood(20, sent)) socket.destroy();
    await longestWaitMs(300);
    const before = await peakMiB();
    for (let round = 0; round < 3; round += 1) {
      const sockets = await flood(100, sent);
      expect(await longestWaitMs(500)).toBeLessThan(3_000);
      for (const socket of sockets) socket.destroy();
    }
    expect((await peakMiB()) - before).toBeLessThan(150);
  },
  30_000,
);

it('who sends a few ahead is answered all of them, in order', async () => {
  const [socket] = await flood(1, '');
  const paths = ['/health/live', '/openapi.json', '/graphql?query={__typename}', '/nothing'];
  const last = request('/health/live', 'Connection: close');
  socket?.write(
    paths
      .map((path) => request(path))
      .join('')
      .repeat(7) + last,
  );
  let answers = '';
  socket
    ?.setEncoding('utf8')
    .on('data', (text) => {
      answers += text;
    })
    .resume();
  await new Promise((resolve) => socket?.once('close', resolve));
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
  expect(statuses).toEqual([...Array.from({ length: 7 }, () => ['200', '200', '200', '404']).flat(), '200']);
});
