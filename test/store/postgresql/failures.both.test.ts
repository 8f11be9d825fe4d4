import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyEvent } from '../../support/event.ts';
import { holdWrites, openRawDatabase, type RawDatabase } from '../../support/raw-database.ts';
import { codesOf, createWorld, type World } from '../../support/world.ts';

const timeoutMs = 1000;
const write = 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }';

let world: World;
let raw: RawDatabase;
beforeAll(async () => {
  world = await createWorld({ DATABASE_TIMEOUT_MS: String(timeoutMs), DATABASE_POOL_SIZE: '1' });
  raw = await openRawDatabase(world.database.url);
  await raw.run('CREATE SEQUENCE failures');
});
afterAll(async () => {
  await raw.close();
  await world.close();
});

/** Has the next writes of scripts and of users fail, so many of them. */
async function fail(code: string, times = 1_000): Promise<void> {
  await raw.run(`
    ALTER SEQUENCE failures RESTART;
    CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('failures') <= ${times} THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = '${code}'; END IF;
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER fail AFTER INSERT ON dtrace_scripts EXECUTE FUNCTION fail();
    CREATE OR REPLACE TRIGGER fail AFTER INSERT ON users EXECUTE FUNCTION fail()`);
}

describe('a failure that is the database’s is told as SERVICE_UNAVAILABLE', () => {
  it.each([
    ['08006', 'the connection failed'],
    ['25006', 'the server takes no writes'],
    ['25P03', 'a transaction was idle for too long'],
    ['40003', 'nobody knows whether it was committed'],
    ['53100', 'the disk is full'],
    ['53200', 'no memory is left'],
    ['55P03', 'a lock was not to be had in time'],
    ['57014', 'a statement took too long'],
    ['57P01', 'the server is shutting down'],
    ['58030', 'the disk failed'],
    ['XX001', 'a file is damaged'],
    ['40001', 'a transaction meets others again and again'],
    ['40P01', 'a transaction is in deadlocks again and again'],
  ])('%s: %s', async (code) => {
    await fail(code);
    expect(codesOf(await world.ask('admin', write))).toEqual(['SERVICE_UNAVAILABLE']);
    await expect(world.accounts.add('user', `user ${code}`)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('57014: an administrator has cancelled a statement', async () => {
    await fail('00000', 0);
    const release = await holdWrites(world.database.url);
    try {
      const answer = world.ask('admin', write);
      await expect
        .poll(() =>
          raw.rows(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`),
        )
        .toEqual([[true]]);
      expect(codesOf(await answer)).toEqual(['SERVICE_UNAVAILABLE']);
    } finally {
      await release();
    }
  });

  it('and another one as INTERNAL_SERVER_ERROR', async () => {
    await fail('42P01');
    expect(codesOf(await world.ask('admin', write))).toEqual(['INTERNAL_SERVER_ERROR']);
  });
});

it.each(['40001', '40P01'])('a transaction undone for others is tried again (%s)', async (code) => {
  await fail(code, 2);
  expect((await world.ask('admin', write)).errors).toEqual([]);
  await fail(code, 2);
  await world.accounts.add('user', `patient ${code}`);
});

it('an operation keeps within DATABASE_TIMEOUT_MS, the wait for a connection included', async () => {
  await fail('00000', 0);
  const release = await holdWrites(world.database.url);
  try {
    const answers = await Promise.all(
      [0, 200].map(async (delayMs) => {
        await sleep(delayMs);
        const began = performance.now();
        // The first one holds the only connection. The other has it late, and would begin to count anew.
        const { status } = await world.store.scripts
          .update(randomUUID(), { name: 'n' }, { event: anyEvent() })
          .catch((error) => ({ status: error.code }));
        return { status, tookMs: performance.now() - began };
      }),
    );
    for (const { status, tookMs } of answers) {
      expect(status).toBe('SERVICE_UNAVAILABLE');
      expect(tookMs).toBeLessThan(1.5 * timeoutMs);
    }
  } finally {
    await release();
  }
  await expect.poll(async () => (await world.ask('admin', write)).errors).toEqual([]);
});

it('a request that waits for the database is given up within DATABASE_TIMEOUT_MS, GraphQL and REST; it is not run again', async () => {
  await fail('00000', 0);
  const uuid = await world.addScript('slow');
  const blocking = await openRawDatabase(world.database.url);
  await blocking.run('BEGIN; LOCK TABLE "dtrace_scripts" IN ACCESS EXCLUSIVE MODE');
  const headers = { authorization: `Bearer ${world.tokens.admin}` };
  try {
    for (const request of [
      async () => codesOf(await world.ask('admin', `{ dtraceScript(uuid: "${uuid}") { name } }`)),
      async () => codesOf(await world.ask('admin', '{ dtraceScripts { name } }')),
      async () => [(await (await world.fetch(`/dtrace/${uuid}`, { headers })).json()).error.code],
    ]) {
      const began = performance.now();
      expect(await request()).toEqual(['SERVICE_UNAVAILABLE']);
      expect(performance.now() - began).toBeLessThan(1.5 * timeoutMs);
    }
  } finally {
    await blocking.run('ROLLBACK');
    await blocking.close();
  }
});
