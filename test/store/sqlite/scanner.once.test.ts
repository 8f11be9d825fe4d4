import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openReader } from '../../../src/store/sqlite/open-sqlite.ts';
import { createScanner, type ScanConnection } from '../../../src/store/sqlite/scanner.ts';
import { createDatabase, createScript, openClient, query } from './database.ts';

async function openScanner(timeoutMs = 5000) {
  const path = await createDatabase();
  const scanner = createScanner(() => openReader(path, { busyTimeoutMs: 1000 }), timeoutMs);
  onTestFinished(() => scanner.close());
  return { path, scanner };
}

const countScripts = ({ connection, inTurn }: ScanConnection) =>
  inTurn(() => Number(connection.query(query('SELECT count(*) FROM "dtrace_scripts"')).rows[0]?.[0]));

it('a scan sees one moment, and the next one what was written since', async () => {
  const { path, scanner } = await openScanner();
  const client = openClient(path);
  await scanner.scan(async (scan) => {
    expect(await countScripts(scan)).toBe(0);
    await createScript(client);
    expect(await countScripts(scan)).toBe(0);
  });
  expect(await scanner.scan(countScripts)).toBe(1);
});

it('a few scans are under way at a time, some wait, and those beyond are told to come back', async () => {
  const { scanner } = await openScanner();
  let [underWay, most] = [0, 0];
  const scan = () =>
    scanner.scan(async (own) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(1);
      await countScripts(own);
      underWay -= 1;
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 210 }, scan));
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(most).toBe(4);
  expect(refused).toHaveLength(6);
  expect(refused[0]).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } });
  await scan();
});

it('scans take turns: a short one is over while a long one goes on', async () => {
  const { scanner } = await openScanner();
  let isOver = false;
  const long = scanner.scan(async (scan) => {
    for (let piece = 0; !isOver && piece < 10_000; piece += 1) await scan.inTurn(() => work(2));
    return isOver;
  });
  await scanner.scan(countScripts);
  isOver = true;
  expect(await long).toBe(true);
});

it('a scan that is not over in time fails as unavailable, and so does one that waits for it too long', async () => {
  const { scanner } = await openScanner(400);
  const scan = async ({ inTurn }: ScanConnection) => {
    for (;;) await inTurn(() => work(1));
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => scanner.scan(scan)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('DATABASE_TIMEOUT_MS') },
    });
  }
  expect(await scanner.scan(countScripts)).toBe(0);
});

function work(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}
