import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { provider } from '../support/database.ts';
import { holdWrites, openRawDatabase } from '../support/raw-database.ts';
import { createWorld, type World } from '../support/world.ts';

const timeoutMs = 600;
/** What a limit that is counted twice would pass. */
const boundMs = 1.7 * timeoutMs;

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ REQUEST_TIMEOUT_MS: String(timeoutMs), DATABASE_TIMEOUT_MS: '10000' });
  uuid = await world.addScript('slow');
});
afterAll(() => world.close());

const post = (query: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});

/** The answers to requests with a token, each with the time that it took. */
function sendAll(token: string, requests: readonly (readonly [path: string, init: RequestInit])[]) {
  return Promise.all(
    requests.map(async ([path, init]) => {
      const began = performance.now();
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const response = await world.fetch(path, { ...init, headers });
      // biome-ignore lint/suspicious/noExplicitAny: answers of both APIs
      const answer = (await response.json()) as any;
      const code = answer.error?.code ?? answer.errors?.[0]?.extensions.code;
      return { status: response.status, code, tookMs: performance.now() - began };
    }),
  );
}

function expectGivenUp(answers: Awaited<ReturnType<typeof sendAll>>): void {
  for (const { status, code, tookMs } of answers) {
    expect([status, code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(tookMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(tookMs).toBeLessThan(boundMs);
  }
}

it('a sign-in that waits to be recorded is given up in time', async () => {
  const release = provider === 'sqlite' ? await holdWrites(world.database.url) : await lock('audit_events');
  const answers = await sendAll('bad', [
    ['/graphql', post('{ viewer { name } }')],
    [`/dtrace/${uuid}`, {}],
    ['/metrics', {}],
  ]);
  await release();
  expectGivenUp(answers);
});

/** Keeps everybody from a table, on PostgreSQL. */
async function lock(table: string): Promise<() => Promise<void>> {
  const raw = await openRawDatabase(world.database.url);
  await raw.run(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await raw.run('ROLLBACK');
    await raw.close();
  };
}

it.runIf(provider === 'postgresql').each([
  ['the whole of it', 0],
  ['the greater part of it, and the operation the rest', 0.7 * timeoutMs],
])('a sign-in that takes %s is given up in time', async (_, signInMs) => {
  const releaseScripts = await lock('dtrace_scripts');
  const releaseTokens = await lock('tokens');
  const answers = sendAll(world.tokens.admin, [
    ['/graphql', post(`{ dtraceScript(uuid: "${uuid}") { name } }`)],
    ['/graphql', post('{ dtraceScripts { name } }')],
    ['/graphql', post(`mutation { updateDtraceScript(uuid: "${uuid}", input: {name: "n"}) { uuid } }`)],
    [`/dtrace/${uuid}`, {}],
    ['/dtrace', {}],
  ]);
  if (signInMs > 0) {
    await sleep(signInMs);
    await releaseTokens();
    expectGivenUp(await answers);
  } else {
    expectGivenUp(await answers);
    await releaseTokens();
  }
  await releaseScripts();
});
