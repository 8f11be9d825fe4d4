import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createAccountOperations } from '../../src/operations/account-operations.ts';
import { migrateDatabase, openStore } from '../../src/store/open-store.ts';
import { provider } from '../support/database.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startStandby } from '../support/postgres-standby.ts';
import { runCommand } from '../support/process.ts';

/** What stands before a pair of servers: an address whose connections go to the one that is in charge. */
async function createVirtualAddress(firstPort: number) {
  let target = firstPort;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectSocket(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    pointTo: (port: number) => {
      target = port;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.runIf(provider === 'postgresql')('a primary that is lost, and its standby promoted', () => {
  it('costs clients a while of SERVICE_UNAVAILABLE, and no acknowledged write', async () => {
    const primary = await startPostgres();
    const standby = await startStandby(primary);
    const address = await createVirtualAddress(primary.port);
    const config = readConfig({
      DATABASE_URL: primary.url.replace(`:${primary.port}/`, `:${address.port}/`),
      DATABASE_TIMEOUT_MS: '1000',
    });
    await migrateDatabase(config);
    const store = await openStore(config);
    const refused = await runCommand(['serve'], { DATABASE_URL: standby.url, PORT: '0' });
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 1,
      stderr: `The database 127.0.0.1:${standby.port}/postgres cannot be used: it is a standby, which takes no writes: name the primary. Mend it, or DATABASE_URL.\n`,
    });
    const admin = await createAccountOperations(store, () => new Date()).bootstrap();
    const gateway = createGateway(store, config);

    const acknowledged: string[] = [];
    const refusals: unknown[] = [];
    let stopped = false;
    const write = async () => {
      while (!stopped) {
        const response = await fetchFrom(gateway)('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${admin?.token}` },
          body: JSON.stringify({
            query: 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }',
          }),
        });
        const body = (await response.json()) as {
          data?: { createDtraceScript?: { uuid: string } };
          errors?: { extensions: { code: string } }[];
        };
        if (body.data?.createDtraceScript) {
          acknowledged.push(body.data.createDtraceScript.uuid);
        } else {
          refusals.push(body.errors?.[0]?.extensions.code);
          await sleep(20);
        }
      }
    };
    const writers = Promise.all(Array.from({ length: 4 }, write));

    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await sleep(200);
    const before = acknowledged.length;
    await primary.server.stop();
    await standby.promote();
    address.pointTo(standby.port);
    const deadline = Date.now() + 15_000;
    while (acknowledged.length < before + 20 && Date.now() < deadline) await sleep(50);
    stopped = true;
    await writers;

    expect(before).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThanOrEqual(before + 20);
    expect([...new Set(refusals)]).toEqual(['SERVICE_UNAVAILABLE']);
    const found = new Set((await store.scripts.findMany(acknowledged, [])).map((script) => script?.uuid));
    expect(acknowledged.filter((uuid) => !found.has(uuid))).toEqual([]);

    await store.close();
    address.close();
    await standby.stop();
    await primary.stop().catch(() => {});
  });
});
