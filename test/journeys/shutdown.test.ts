import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { type Environment, type Server as RunningServer, startServer } from '../support/process.ts';
import { checkIntegrity, holdWrites } from '../support/raw-database.ts';

interface Server extends RunningServer {
  readonly databaseUrl: string;
}

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

/** A server on a database of its own. */
async function start(environment: Environment = {}): Promise<Server> {
  const database = await createDatabase();
  databases.push(database);
  const server = await startServer({ DATABASE_URL: database.url, ...environment });
  return { ...server, databaseUrl: database.url };
}

const mutation =
  'mutation { createDtraceScript(input: {name: "last", script: "BEGIN {}"}) { dtraceScript { name } } }';

/** A write that has arrived at the server, and cannot end before `release` is called. */
async function writeUnderWay({ url, adminToken, databaseUrl }: Server) {
  const release = await holdWrites(databaseUrl);
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

const patience = { timeout: 10_000, interval: 20 };

/** Sends the first signal, and waits until the server has heard it. */
async function signal(server: Server, name: NodeJS.Signals): Promise<void> {
  server.kill(name);
  await vi.waitUntil(() => server.stdout().endsWith('\nStopping.\n'), patience);
}

async function elapsedMs(action: Promise<unknown>): Promise<number> {
  const startedAt = Date.now();
  await action;
  return Date.now() - startedAt;
}

describe('a server that is asked to stop', { concurrent: true }, () => {
  it.for(['SIGTERM', 'SIGINT'] as const)(
    '%s lets a request under way finish, takes no other, and leaves a sound database',
    async (name) => {
      const server = await start();
      const unused = connect(Number(new URL(server.url).port), '127.0.0.1');
      await once(unused, 'connect');
      const { response, release } = await writeUnderWay(server);

      await signal(server, name);
      const isClosed = () =>
        server.ask(null, '{ viewer { name } }').then(
          () => false,
          () => true,
        );
      await vi.waitUntil(isClosed, patience);
      await release();
      const answer = await response;
      expect(answer.headers.connection).toBe('close');
      expect(await json(answer)).toEqual({
        data: { createDtraceScript: { dtraceScript: { name: 'last' } } },
      });
      // Neither the connection of the answer, which its reader would keep, nor the unused one holds it up.
      expect(await elapsedMs(server.ended)).toBeLessThan(4000);
      expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
      expect(await checkIntegrity(server.databaseUrl)).toBe('ok');
    },
  );

  it('gives up on a request that does not end in time', async () => {
    const server = await start({ SHUTDOWN_TIMEOUT_MS: '300', DATABASE_TIMEOUT_MS: '20000' });
    const { response, release } = await writeUnderWay(server);
    expect(await elapsedMs(server.stop())).toBeLessThan(4000);
    await expect(response).rejects.toThrow('socket hang up');
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    // At most the warning that the write met no database any more.
    expect(stderr).toMatch(/^(\{.*"event":"unavailable".*\}\n)?$/);
    await release();
    expect(await checkIntegrity(server.databaseUrl)).toBe('ok');
  });

  // The database has no part in these two.
  it.runIf(provider === 'sqlite')('ends at once at a second signal, of either kind', async () => {
    const server = await start();
    const { response, release } = await writeUnderWay(server);
    await signal(server, 'SIGTERM');
    expect(await elapsedMs(server.stop('SIGINT'))).toBeLessThan(4000);
    await expect(response).rejects.toThrow('socket hang up');
    expect(await server.ended).toMatchObject({ code: null, signal: 'SIGINT' });
    await release();
    expect(await checkIntegrity(server.databaseUrl)).toBe('ok');
  });

  it.runIf(provider === 'sqlite')('does not depend on anybody reading what the server prints', async () => {
    const server = await start();
    server.closeOutput();
    const { errors } = await server.ask(server.adminToken ?? '', mutation);
    expect(errors).toEqual([]);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });
});
