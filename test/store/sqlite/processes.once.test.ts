import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createDatabase, createScript, openClient, revise, revisionOf, temporaryPath } from './database.ts';

const program = fileURLToPath(new URL('revise.ts', import.meta.url));

/**
 * Revises the script in a process of its own, which is killed after a number of revisions.
 *
 * @returns how long each acknowledged revision took, in milliseconds
 */
async function reviseElsewhere(
  path: string,
  {
    times,
    inFlight,
    killAfter = Number.POSITIVE_INFINITY,
  }: { times: number; inFlight: number; killAfter?: number },
): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, path, `${times}`, `${inFlight}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const took: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    took.push(Number(line));
    if (took.length === killAfter) child.kill('SIGKILL');
  }
  const [code, signal] = await exit;
  expect(killAfter === Number.POSITIVE_INFINITY ? code : signal).toBe(
    killAfter === Number.POSITIVE_INFINITY ? 0 : 'SIGKILL',
  );
  return took;
}

describe('two processes on one file', () => {
  it('lose no update', { timeout: 30_000 }, async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client);
    await Promise.all([
      reviseElsewhere(path, { times: 200, inFlight: 200 }),
      reviseElsewhere(path, { times: 200, inFlight: 200 }),
      ...Array.from({ length: 200 }, () => revise(client)),
    ]);
    expect(await revisionOf(client)).toBe(601);
  });

  it('leave each other room, however much one has to write', { timeout: 30_000 }, async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client);
    let isOver = false;
    const busy = Promise.all(
      Array.from({ length: 150 }, async () => {
        while (!isOver) await client.$executeRaw`UPDATE dtrace_scripts SET name = name || 'x'`;
      }),
    );
    const took = await reviseElsewhere(path, { times: 20, inFlight: 1 });
    isOver = true;
    await busy;
    expect(took).toHaveLength(20);
    expect(Math.max(...took)).toBeLessThan(2500);
    expect(await revisionOf(client)).toBe(21);
  });

  it('may create it at the same time', { timeout: 30_000 }, async () => {
    const path = temporaryPath();
    const clients = Array.from({ length: 8 }, () => openClient(path));
    await Promise.all(clients.map((client) => client.$executeRaw`CREATE TABLE IF NOT EXISTS t (n INTEGER)`));
    await Promise.all(clients.map((client) => client.$executeRaw`INSERT INTO t VALUES (1)`));
    expect(await openClient(path).$queryRaw`SELECT n FROM t`).toHaveLength(8);
  });
});

describe('a process that is killed', () => {
  it('leaves everything it was acknowledged, and no lock', { timeout: 30_000 }, async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client);
    const acknowledged = await reviseElsewhere(path, { times: 1_000_000, inFlight: 32, killAfter: 200 });
    await revise(client);
    expect(await revisionOf(client)).toBeGreaterThanOrEqual(2 + acknowledged.length);
  });
});
