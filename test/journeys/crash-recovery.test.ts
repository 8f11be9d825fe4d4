import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createAccountOperations } from '../../src/operations/account-operations.ts';
import { migrateDatabase, openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { provider } from '../support/database.ts';
import { anyEvent } from '../support/event.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { openRawDatabase, type RawDatabase } from '../support/raw-database.ts';
import { sendOperation } from '../support/world.ts';

const crashes = [0, 1];
const scripts = 120;
const list = '{ dtraceScripts(orderBy: { field: NAME, direction: ASC }, first: 5) { name } }';
const countUp = 'SELECT pg_current_xact_id()';

let postgres: PostgresServer;
let store: Store;
/** As another process has it, which changes what the first one has kept. */
let other: Store;
let send: (token: string, query: string) => ReturnType<typeof sendOperation>;

async function connectWhenUp(): Promise<RawDatabase> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await openRawDatabase(postgres.url);
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
  }
}

/** The number that the next transaction will have, while none is under way. */
async function nextNumber(raw: RawDatabase): Promise<number> {
  const [[next] = []] = await raw.rows('SELECT pg_snapshot_xmax(pg_current_snapshot())::text');
  return Number(next);
}

/** Crashes the server as the loss of a process does it: all are ended, and what is on disk is recovered. */
async function crash(raw: RawDatabase): Promise<RawDatabase> {
  const [[pid] = []] = await raw.rows('SELECT pg_backend_pid()');
  process.kill(Number(pid), 'SIGKILL');
  await sleep(200);
  return connectWhenUp();
}

describe.runIf(provider === 'postgresql')('after PostgreSQL has crashed and counts from fewer again', () => {
  beforeAll(async () => {
    // Numbers that were only given out reach the disk late.
    postgres = await startPostgres(['-c', 'wal_writer_delay=10s', '-c', 'autovacuum=off']);
    const config = readConfig({ DATABASE_URL: postgres.url });
    await migrateDatabase(config);
    store = await openStore(config);
    other = await openStore(config);
    const gateway = createGateway(store, config);
    send = (token, query) => sendOperation((init) => fetchFrom(gateway)('/graphql', init), token, query);
  });
  afterAll(async () => {
    await Promise.all([store.close(), other.close()]);
    await postgres.stop();
  });

  it('a token revoked meanwhile is refused, and lists are in order', async () => {
    const now = () => new Date();
    const admin = await createAccountOperations(store, now).bootstrap();
    const operations = createAccountOperations(other, now);
    await operations.add('user', 'holder');
    await operations.grant('user', 'holder', 'cloud->dtrace->list');
    const kept = await operations.createToken('holder', null, null);
    const revoked = await Promise.all(crashes.map(() => operations.createToken('holder', null, null)));
    const uuids: string[] = [];
    for (let number = 0; number < scripts; number += 1) {
      const name = `script ${String(number).padStart(3, '0')}`;
      const create = `mutation { createDtraceScript(input: {name: "${name}", script: "s"}) { uuid } }`;
      const { data } = await send(admin?.token ?? '', create);
      uuids.push(data.createDtraceScript.uuid);
      await operations.grant('user', 'holder', `dtrace->${data.createDtraceScript.uuid}->get`);
    }

    let raw = await openRawDatabase(postgres.url);
    for (const round of crashes) {
      const { id, token } = revoked[round] as (typeof revoked)[0];
      for (let step = 0; step < 30; step += 1) await raw.run(countUp);
      const number = await nextNumber(raw);
      // Often and calmly enough that the token, the list and the order of the scripts are kept.
      for (let time = 0; time < 6; time += 1) {
        expect((await send(token, list)).errors).toEqual([]);
        expect((await send(kept.token, list)).errors).toEqual([]);
        await sleep(25);
      }
      expect(await nextNumber(raw)).toBe(number);

      raw = await crash(raw);
      expect(await nextNumber(raw)).toBeLessThan(number);
      const name = `first ${9 - round}`;
      await other.scripts.update(uuids.at(-1 - round) ?? '', { name }, { event: anyEvent() });
      await operations.revokeToken(id);
      while ((await nextNumber(raw)) < number) await raw.run(countUp);
      expect(await nextNumber(raw)).toBe(number);

      expect((await send(token, list)).status).toBe(401);
      expect((await send(kept.token, list)).data.dtraceScripts[0]).toEqual({ name });
    }
    await raw.close();
  });
});
