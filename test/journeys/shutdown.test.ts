import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Environment, type Server, startServer } from '../support/process.ts';
import { checkIntegrity, holdWrites } from '../support/raw-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const start = (environment: Environment = {}) => startServer({ DATABASE_URL: database.url, ...environment });

const mutation =
  'mutation { createDtraceScript(input: {name: "last", script: "BEGIN {}"}) { dtraceScript { name } } }';

/** A write that has arrived at the server, and cannot end before `release` is called. */
async function writeUnderWay({ url, adminToken }: Server) {
  const release = await holdWrites(database.url);
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${adminToken}`,
      // Has the server tell when it has the head of the request.
      expect: '100-continue',
    },
  });
  const response = once(sent, 'response').then(([message]) => message as IncomingMessage);
  response.catch(() => {});
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end(JSON.stringify({ query: mutation }));
  return { response, release };
}

/** Sends the first signal, and waits until the server has heard it. */
async function signal(server: Server, name: NodeJS.Signals): Promise<void> {
  server.kill(name);
  await expect.poll(server.stdout).toMatch(/\nStopping\.\n$/);
}

async function elapsedMs(action: Promise<unknown>): Promise<number> {
  const startedAt = Date.now();
  await action;
  return Date.now() - startedAt;
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (name) => {
  it('lets a request under way finish, takes no other, and leaves a sound database', async () => {
    const server = await start();
    const unused = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(unused, 'connect');
    const { response, release } = await writeUnderWay(server);

    await signal(server, name);
    const isOpen = () =>
      server.ask(null, '{ viewer { name } }').then(
        () => true,
        () => false,
      );
    await expect.poll(isOpen).toBe(false);
    await release();
    const answer = await response;
    expect(answer.headers.connection).toBe('close');
    expect(await json(answer)).toEqual({
      data: { createDtraceScript: { dtraceScript: { name: 'last' } } },
    });
    // Neither the connection of the answer, which its reader would keep, nor the unused one holds it up.
    expect(await elapsedMs(server.ended)).toBeLessThan(3000);
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await checkIntegrity(database.url)).toBe('ok');
  });
});

it('gives up on a request that does not end in time', async () => {
  const server = await start({ SHUTDOWN_TIMEOUT_MS: '300', DATABASE_TIMEOUT_MS: '20000' });
  const { response, release } = await writeUnderWay(server);
  expect(await elapsedMs(server.stop())).toBeLessThan(4000);
  await expect(response).rejects.toThrow('socket hang up');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  await release();
  expect(await checkIntegrity(database.url)).toBe('ok');
});

it('ends at once at a second signal, of either kind', async () => {
  const server = await start();
  const { response, release } = await writeUnderWay(server);
  await signal(server, 'SIGTERM');
  expect(await elapsedMs(server.stop('SIGINT'))).toBeLessThan(2000);
  await expect(response).rejects.toThrow('socket hang up');
  expect(await server.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  await release();
  expect(await checkIntegrity(database.url)).toBe('ok');
});

it('does not depend on anybody reading what the server prints', async () => {
  const server = await start();
  server.closeOutput();
  const { errors } = await server.ask(server.adminToken ?? '', mutation);
  expect(errors).toEqual([]);
  expect(await server.stop()).toMatchObject({ code: 0 });
});
