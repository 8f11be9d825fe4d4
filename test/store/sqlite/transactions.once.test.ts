import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  createDatabase,
  createScript,
  openAdapter,
  openClient,
  query,
  revise,
  revisionOf,
  temporaryPath,
} from './database.ts';

describe('an interactive transaction', () => {
  it('is seen outside once it is committed, and not before', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await client.$transaction(async (inside) => {
      await inside.dtraceScript.update({ where: { uuid: 'script-1' }, data: { revision: 10 } });
      expect(await revisionOf(inside as typeof client)).toBe(10);
      expect(await revisionOf(client)).toBe(1);
    });
    expect(await revisionOf(client)).toBe(10);
  });

  it('is undone by an error', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    const failing = client.$transaction(async (inside) => {
      await revise(inside as typeof client);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await revisionOf(client)).toBe(1);
  });

  it('lets a write from outside wait, which survives its rollback', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    let isWritten = false;
    let outside: Promise<unknown> = Promise.resolve();
    const failing = client.$transaction(async (inside) => {
      await revise(inside as typeof client);
      outside = createScript(client, 'script-2').then(() => {
        isWritten = true;
      });
      await sleep(50);
      expect(isWritten).toBe(false);
      expect(await inside.dtraceScript.count()).toBe(1);
      throw new Error('roll back');
    });
    await expect(failing).rejects.toThrow('roll back');
    await outside;
    expect(await revisionOf(client)).toBe(1);
    expect(await client.dtraceScript.count()).toBe(2);
  });

  it('goes on after a statement that failed', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await client.$transaction(async (inside) => {
      await expect(createScript(inside as typeof client)).rejects.toMatchObject({ code: 'P2002' });
      await revise(inside as typeof client);
    });
    expect(await revisionOf(client)).toBe(2);
  });

  it('makes room for writes from outside while many of both are under way', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    const transaction = () =>
      client.$transaction(async (inside) => {
        const revision = await revisionOf(inside as typeof client);
        await sleep(1);
        await inside.dtraceScript.update({ where: { uuid: 'script-1' }, data: { revision: revision + 1 } });
        expect(await revisionOf(client)).toBeLessThanOrEqual(revision);
        expect(await revisionOf(inside as typeof client)).toBe(revision + 1);
      });
    const outside = () => revise(client);
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? transaction() : outside())),
    );
    expect(await revisionOf(client)).toBe(61);
  });

  it('frees the writer when it takes too long', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    const late = client.$transaction(
      async (inside) => {
        await revise(inside as typeof client);
        await sleep(200);
        await revise(inside as typeof client);
      },
      { timeout: 50 },
    );
    const outside = revise(client);
    await expect(late).rejects.toMatchObject({ code: 'P2028' });
    await outside;
    expect(await revisionOf(client)).toBe(2);
  });

  it('that nobody waited for leaves the writer free', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    const long = client.$transaction(async () => sleep(150), { timeout: 1000 });
    await sleep(10);
    const impatient = client.$transaction(async (inside) => revise(inside as typeof client), { maxWait: 20 });
    await expect(impatient).rejects.toMatchObject({ code: 'P2028' });
    await long;
    await revise(client);
    expect(await revisionOf(client)).toBe(2);
  });

  it('may hold another, undone by itself', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (n INTEGER)');
    const transaction = await adapter.startTransaction();
    await transaction.executeRaw(query('INSERT INTO t VALUES (1)'));
    await transaction.createSavepoint?.('a "quoted" name');
    await transaction.executeRaw(query('INSERT INTO t VALUES (2)'));
    await transaction.rollbackToSavepoint?.('a "quoted" name');
    await transaction.releaseSavepoint?.('a "quoted" name');
    await transaction.commit();
    expect((await adapter.queryRaw(query('SELECT n FROM t'))).rows).toEqual([[1]]);
  });

  it('may hold another of Prisma’s', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await client.$transaction(async (outer) => {
      await revise(outer as typeof client);
      const inner = (outer as typeof client).$transaction(async (inside) => {
        await revise(inside as typeof client);
        throw new Error('only this');
      });
      await expect(inner).rejects.toThrow('only this');
    });
    expect(await revisionOf(client)).toBe(2);
  });
});

describe('a batch', () => {
  it('happens as a whole or not at all', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await client.$transaction([revise(client), revise(client)]);
    await expect(client.$transaction([revise(client), createScript(client)])).rejects.toMatchObject({
      code: 'P2002',
    });
    expect(await revisionOf(client)).toBe(3);
  });
});

describe('a transaction that has ended', () => {
  const ended = { cause: { kind: 'TransactionAlreadyClosed', cause: 'The transaction has ended.' } };

  it('takes no further statement and no second commit; a second rollback does nothing', async () => {
    const adapter = await openAdapter(temporaryPath());
    const transaction = await adapter.startTransaction();
    await transaction.commit();
    await expect(transaction.queryRaw(query('SELECT 1'))).rejects.toMatchObject(ended);
    await expect(transaction.executeRaw(query('CREATE TABLE t (n)'))).rejects.toMatchObject(ended);
    await expect(transaction.createSavepoint?.('s')).rejects.toMatchObject(ended);
    await expect(transaction.commit()).rejects.toMatchObject(ended);
    await expect(transaction.rollback()).resolves.toBeUndefined();
  });

  it('by an error of SQLite’s own commits nothing, and frees the writer', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (n INTEGER UNIQUE ON CONFLICT ROLLBACK)');
    const transaction = await adapter.startTransaction();
    const insert = () => transaction.executeRaw(query('INSERT INTO t VALUES (1)'));
    await insert();
    await expect(insert()).rejects.toMatchObject({ cause: { kind: 'UniqueConstraintViolation' } });
    const cause = 'An error ended the transaction, and SQLite rolled it back.';
    await expect(insert()).rejects.toMatchObject({ cause: { kind: 'TransactionAlreadyClosed', cause } });
    await expect(transaction.commit()).rejects.toMatchObject({
      cause: { kind: 'TransactionAlreadyClosed', cause },
    });
    expect(await adapter.executeRaw(query('INSERT INTO t VALUES (2)'))).toBe(1);
    expect((await adapter.queryRaw(query('SELECT n FROM t'))).rows).toEqual([[2]]);
  });

  it('cannot be ended by SQL', async () => {
    const adapter = await openAdapter(temporaryPath());
    const transaction = await adapter.startTransaction();
    for (const sql of ['COMMIT', 'ROLLBACK', 'SAVEPOINT s']) {
      await expect(transaction.executeRaw(query(sql))).rejects.toMatchObject({ cause: { kind: 'sqlite' } });
    }
    await transaction.rollback();
  });
});
