import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteAdapter } from '../../../src/store/sqlite/adapter.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { createSqliteTransaction } from '../../../src/store/sqlite/transaction.ts';
import { createWriteQueue } from '../../../src/store/sqlite/write-queue.ts';
import {
  createDatabase,
  createScript,
  openAdapter,
  openClient,
  openDirectly,
  query,
  revise,
  revisionOf,
  temporaryPath,
} from './database.ts';

/** The longest time that timers had to wait while work was done. */
async function longestPauseMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return longest;
}

describe('while another connection holds the write lock', () => {
  it('a write fails with P1008 once its time is over, and the event loop goes on', async () => {
    const path = await createDatabase();
    const client = openClient(path, 500);
    await createScript(client);
    await revise(client);
    openDirectly(path).exec('BEGIN EXCLUSIVE');

    const startMs = performance.now();
    const pauseMs = await longestPauseMs(() =>
      expect(revise(client)).rejects.toMatchObject({ code: 'P1008' }),
    );
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThanOrEqual(495);
    expect(tookMs).toBeLessThan(1500);
    expect(pauseMs).toBeLessThan(250);
  });

  it('a write succeeds when the lock is released in time', async () => {
    const path = await createDatabase();
    const client = openClient(path, 5000);
    await createScript(client);
    const other = openDirectly(path);
    other.exec('BEGIN EXCLUSIVE');
    const write = revise(client);
    await sleep(200);
    other.exec('COMMIT');
    const startMs = performance.now();
    await write;
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(await revisionOf(client)).toBe(2);
  });

  it('every write in line fails at its own time', async () => {
    const path = await createDatabase();
    const adapter = await openAdapter(path, 300);
    openDirectly(path).exec('BEGIN EXCLUSIVE');
    const timed = async (write: Promise<unknown>) => {
      const startMs = performance.now();
      await expect(write).rejects.toMatchObject({
        cause: { kind: 'SocketTimeout', originalCode: 'SQLITE_BUSY' },
      });
      return performance.now() - startMs;
    };
    const update = () => adapter.executeRaw(query("UPDATE users SET name = ''"));
    const early = [
      timed(update()),
      timed(adapter.startTransaction()),
      timed(adapter.executeRaw(query('VACUUM'))),
    ];
    await sleep(150);
    for (const tookMs of await Promise.all([
      ...early,
      timed(update()),
      timed(adapter.executeScript('DELETE FROM users')),
    ])) {
      expect(tookMs).toBeGreaterThanOrEqual(295);
      expect(tookMs).toBeLessThan(1500);
    }
  });

  it('time spent behind a transaction of one’s own does not count', async () => {
    const path = await createDatabase();
    const client = openClient(path, 500);
    await createScript(client);
    const transaction = client.$transaction(async (inside) => {
      await revise(inside as typeof client);
      await sleep(700);
    });
    await sleep(20);
    const other = openDirectly(path);
    const write = revise(client);
    await transaction;
    other.exec('BEGIN IMMEDIATE');
    await sleep(100);
    other.exec('COMMIT');
    await write;
    expect(await revisionOf(client)).toBe(3);
  });

  it('a transaction fails to start with P1008, and the next one starts', async () => {
    const path = await createDatabase();
    const client = openClient(path, 100);
    await createScript(client);
    const other = openDirectly(path);
    other.exec('BEGIN IMMEDIATE');
    const start = () => client.$transaction(async (inside) => revise(inside as typeof client));
    await expect(start()).rejects.toMatchObject({ code: 'P1008' });
    other.exec('COMMIT');
    await start();
    expect(await revisionOf(client)).toBe(2);
  });

  it('reads go on', async () => {
    const path = await createDatabase();
    const client = openClient(path, 100);
    await createScript(client);
    openDirectly(path).exec('BEGIN EXCLUSIVE; UPDATE dtrace_scripts SET revision = 100');
    expect(await revisionOf(client)).toBe(1);
  });

  it('with no time at all, a write fails at once', async () => {
    const path = await createDatabase();
    const adapter = await openAdapter(path, 0);
    openDirectly(path).exec('BEGIN IMMEDIATE');
    const cause = { kind: 'SocketTimeout' };
    await expect(adapter.executeRaw(query('DELETE FROM users'))).rejects.toMatchObject({ cause });
  });
});

describe('where a reader is in the way of a commit, as without a write-ahead log,', () => {
  const setUp = (busyTimeoutMs: number) => {
    const path = temporaryPath();
    const other = openDirectly(path);
    other.exec('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1); BEGIN; SELECT n FROM t');
    const writer = openConnection(path);
    onTestFinished(() => writer.close());
    const queue = createWriteQueue(writer, { busyTimeoutMs, groupSize: 10 });
    const increment = () => queue.statement(() => writer.execute(query('UPDATE t SET n = n + 1')));
    const value = () => writer.query(query('SELECT n FROM t')).rows[0]?.[0];
    return { other, writer, queue, increment, value };
  };

  it('the commit is tried again, and the statements happen once', async () => {
    const { other, increment, value } = setUp(1000);
    const writes = Promise.all([increment(), increment()]);
    await sleep(100);
    other.exec('COMMIT');
    expect(await writes).toEqual([1, 1]);
    expect(value()).toBe(3);
  });

  it('none is acknowledged, and none has happened, when that takes too long', async () => {
    const { other, increment, value } = setUp(100);
    const outcomes = await Promise.allSettled([increment(), increment()]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { cause: { kind: 'SocketTimeout' } } },
      { status: 'rejected', reason: { cause: { kind: 'SocketTimeout' } } },
    ]);
    other.exec('COMMIT');
    expect(value()).toBe(1);
    await increment();
    expect(value()).toBe(2);
  });

  it('a transaction is undone, and the writer free again, when that takes too long', async () => {
    const { other, queue, writer, increment, value } = setUp(100);
    const release = await queue.transaction();
    const transaction = createSqliteTransaction(writer, { adapterName: 'test', busyTimeoutMs: 100, release });
    await transaction.executeRaw(query('UPDATE t SET n = 100'));
    await expect(transaction.commit()).rejects.toMatchObject({ cause: { kind: 'SocketTimeout' } });
    other.exec('COMMIT');
    await increment();
    expect(value()).toBe(2);
  });
});

describe('opening a file', () => {
  it('waits for whoever holds it', async () => {
    const path = temporaryPath();
    const other = openDirectly(path);
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE t (n INTEGER)');
    const opening = createSqliteAdapter({ path }).connect();
    await sleep(100);
    other.exec('COMMIT');
    const adapter = await opening;
    expect((await adapter.queryRaw(query('PRAGMA journal_mode'))).rows).toEqual([['wal']]);
    await adapter.dispose();
  });

  it('fails when that takes too long', async () => {
    const path = temporaryPath();
    openDirectly(path).exec('BEGIN EXCLUSIVE; CREATE TABLE t (n INTEGER)');
    const opening = createSqliteAdapter({ path, busyTimeoutMs: 100 }).connect();
    await expect(opening).rejects.toMatchObject({ cause: { kind: 'SocketTimeout' } });
  });
});
