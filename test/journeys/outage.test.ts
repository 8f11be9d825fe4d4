import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type Ended, type Server, startServer } from '../support/process.ts';
import { openRawDatabase } from '../support/raw-database.ts';
import { codesOf, type GraphqlAnswer } from '../support/world.ts';

const timeoutMs = 1000;
const read = '{ dtraceScripts { uuid } }';
const write = 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }';

async function expectUnavailable(request: Promise<GraphqlAnswer>): Promise<void> {
  const began = performance.now();
  const answer = await request;
  expect(codesOf(answer)).toEqual(['SERVICE_UNAVAILABLE']);
  expect(performance.now() - began).toBeLessThan(timeoutMs + 3000);
}

async function healthOf(server: Server): Promise<Record<'live' | 'ready', number>> {
  const [live, ready] = await Promise.all(
    ['live', 'ready'].map(async (kind) => (await fetch(`${server.url}/health/${kind}`)).status),
  );
  return { live: live ?? 0, ready: ready ?? 0 };
}

/** The log names the reason, and not once for each of the requests. */
function expectWarned({ code, stderr }: Ended): void {
  const entries = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(entries.length).toBeLessThan(5);
  for (const entry of entries) {
    expect(entry).toMatchObject({ level: 'warn', event: 'unavailable', reason: expect.stringMatching(/\w/) });
  }
}

/** The server and the processes that it has made. */
async function processesOf({ dataFolder }: PostgresServer): Promise<number[]> {
  const main = Number((await readFile(`${dataFolder}/postmaster.pid`, 'utf8')).split('\n')[0]);
  const isChild = async (pid: string) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[2] === String(main);
  };
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const children = await Promise.all(pids.map(async (pid) => ((await isChild(pid)) ? [Number(pid)] : [])));
  return [main, ...children.flat()];
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

describe.runIf(provider === 'postgresql')('while PostgreSQL', () => {
  it('is stopped or hangs, requests answer SERVICE_UNAVAILABLE in time, and work again after, without a restart', async () => {
    const postgres = await startPostgres();
    const server = await startServer({
      DATABASE_URL: postgres.url,
      DATABASE_TIMEOUT_MS: String(timeoutMs),
      // It says for itself when it meets the outage.
      AUDIT_RETENTION_DAYS: '0',
    });
    const ask = (query: string) => server.ask(server.adminToken ?? '', query);
    try {
      expect((await ask(write)).errors).toEqual([]);
      expect(await healthOf(server)).toEqual({ live: 200, ready: 200 });

      const pids = await processesOf(postgres);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await Promise.all([...Array.from({ length: 20 }, () => ask(write)), ask(read)].map(expectUnavailable));
      expect(await healthOf(server)).toEqual({ live: 200, ready: 503 });
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await expect.poll(async () => (await ask(read)).errors).toEqual([]);

      const underWay = Promise.all(Array.from({ length: 20 }, () => ask(write)));
      await postgres.server.stop();
      for (const answer of await underWay)
        expect([[], ['SERVICE_UNAVAILABLE']]).toContainEqual(codesOf(answer));
      await Promise.all([ask(write), ask(read)].map(expectUnavailable));
      expect((await server.ask(null, '{ viewer { name } }')).data).toEqual({ viewer: null });
      expect(await healthOf(server)).toEqual({ live: 200, ready: 503 });

      await postgres.server.start();
      await expect.poll(async () => (await ask(write)).errors).toEqual([]);
      expect(await healthOf(server)).toEqual({ live: 200, ready: 200 });
      expectWarned(await server.stop());
    } finally {
      await postgres.stop();
    }
  });
});

describe.runIf(provider === 'sqlite')('while the SQLite file', () => {
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });
  const start = async () => {
    const database = await createDatabase();
    databases.push(database);
    const server = await startServer({ DATABASE_URL: database.url, DATABASE_TIMEOUT_MS: String(timeoutMs) });
    return { url: database.url, server, ask: (query: string) => server.ask(server.adminToken ?? '', query) };
  };

  it('is locked by another program, writes answer SERVICE_UNAVAILABLE in time, and reads go on', async () => {
    const { url, server, ask } = await start();
    const other = await openRawDatabase(url);
    await other.run('BEGIN EXCLUSIVE');
    const writes = Promise.all(Array.from({ length: 20 }, () => ask(write)).map(expectUnavailable));
    const began = performance.now();
    expect((await ask(read)).errors).toEqual([]);
    expect(performance.now() - began).toBeLessThan(timeoutMs);
    await writes;

    const patient = ask(write);
    await other.run('COMMIT');
    expect((await patient).errors).toEqual([]);
    await other.close();
    expectWarned(await server.stop());
  });

  it.runIf(hasPrlimit)(
    'cannot grow, writes answer SERVICE_UNAVAILABLE, reads go on, and all is well when there is room again',
    async () => {
      const { url, server, ask } = await start();
      const path = url.slice('file:'.length);
      // The soft limit alone, which the server's owner may raise again.
      const limit = (bytes: string) =>
        execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]);
      limit(String(statSync(`${path}-wal`).size + 20_000));
      let answers: GraphqlAnswer[] = [];
      for (let round = 0; round < 20 && answers.every(({ errors }) => errors.length === 0); round += 1) {
        answers = await Promise.all(Array.from({ length: 10 }, () => ask(write)));
      }
      expect(answers.flatMap(codesOf)).toContain('SERVICE_UNAVAILABLE');
      expect(new Set(answers.flatMap(codesOf)).size).toBe(1);
      const { data } = await ask(read);
      expect(await healthOf(server)).toEqual({ live: 200, ready: 200 });

      limit('unlimited');
      expect((await ask(write)).errors).toEqual([]);
      expect((await ask(read)).data.dtraceScripts).toHaveLength(data.dtraceScripts.length + 1);
      expectWarned(await server.stop());
    },
  );
});
