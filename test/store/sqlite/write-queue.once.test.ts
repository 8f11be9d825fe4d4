import { statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
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

describe('statements written together', () => {
  it('all happen, from two clients of one file', async () => {
    const path = await createDatabase();
    const [one, other] = [openClient(path), openClient(path)];
    await createScript(one);
    await Promise.all([one, other].flatMap((client) => Array.from({ length: 200 }, () => revise(client))));
    expect(await revisionOf(other)).toBe(401);
  });

  it('share a commit', async () => {
    const path = temporaryPath();
    const adapter = await openAdapter(path);
    await adapter.executeScript(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 0)',
    );
    const growth = async (work: () => Promise<unknown>) => {
      await adapter.queryRaw(query('PRAGMA wal_checkpoint(TRUNCATE)'));
      await work();
      return statSync(`${path}-wal`).size;
    };
    const increment = () => adapter.executeRaw(query('UPDATE t SET n = n + 1'));
    const one = await growth(increment);
    const together = await growth(() => Promise.all(Array.from({ length: 100 }, increment)));
    const beyond = await growth(() => Promise.all(Array.from({ length: 101 }, increment)));
    expect(together).toBe(one);
    expect(beyond).toBeGreaterThan(one);
  });

  it('run in the order in which they came', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
    await Promise.all(
      Array.from({ length: 250 }, (_, n) => adapter.executeRaw(query('INSERT INTO t (n) VALUES (?)', n))),
    );
    const { rows } = await adapter.queryRaw(query('SELECT n FROM t ORDER BY id'));
    expect(rows.flat()).toEqual(Array.from({ length: 250 }, (_, n) => n));
  });

  it('fail alone, undoing only themselves', async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client);
    const outcomes = await Promise.allSettled([
      revise(client),
      createScript(client),
      revise(client),
      client.$executeRaw`INSERT INTO dtrace_scripts SELECT 'new', NULL, '', '', '', 1, '', ''`,
      client.$executeRaw`UPDATE missing SET a = 1`,
      revise(client),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await revisionOf(client)).toBe(4);
    expect(await client.dtraceScript.count()).toBe(1);
  });

  it('are not dragged along when a deferred foreign key fails at the commit', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);`);
    const insert = (parent: number | null) =>
      adapter.executeRaw(query('INSERT INTO child VALUES (?)', parent));
    const outcomes = await Promise.allSettled([insert(null), insert(1), insert(null)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { cause: { kind: 'ForeignKeyConstraintViolation' } } });
    expect((await adapter.queryRaw(query('SELECT * FROM child'))).rows).toHaveLength(2);
  });

  it('are not dragged along when one of them rolls the transaction back', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (n INTEGER UNIQUE ON CONFLICT ROLLBACK)');
    const insert = (n: number) => adapter.executeRaw(query('INSERT INTO t VALUES (?)', n));
    const outcomes = await Promise.allSettled([insert(1), insert(1), insert(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await adapter.queryRaw(query('SELECT n FROM t'))).rows).toEqual([[1], [2]]);
  });

  it('are none of them acknowledged when the file cannot grow', async () => {
    const path = temporaryPath();
    const adapter = await openAdapter(path);
    await adapter.executeScript(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB); INSERT INTO t VALUES (1, NULL)',
    );
    const { rows } = await adapter.queryRaw(query('PRAGMA page_count'));
    await adapter.queryRaw(query(`PRAGMA max_page_count = ${rows[0]?.[0]}`));
    const outcomes = await Promise.allSettled([
      adapter.executeRaw(query('UPDATE t SET v = 1')),
      adapter.executeRaw(query('INSERT INTO t (v) VALUES (zeroblob(100000))')),
      adapter.executeRaw(query('UPDATE t SET v = 2')),
    ]);
    // What each was told is what has happened: SQLite undoes the statement, or the transaction with all of them.
    const [[stored]] = (await adapter.queryRaw(query('SELECT v FROM t WHERE id = 1'))).rows as [[unknown]];
    const acknowledged = outcomes.map(({ status }) => status === 'fulfilled');
    expect(acknowledged[1]).toBe(false);
    expect(stored).toBe(acknowledged[2] ? 2 : acknowledged[0] ? 1 : null);
    expect(outcomes[1]).toMatchObject({ reason: { cause: { kind: 'sqlite', extendedCode: 13 } } });
  });
});

describe('an error that ends the transaction of all', () => {
  it('is everybody’s when it is not about the data, and nothing has happened', async () => {
    const writer = openConnection(temporaryPath());
    onTestFinished(() => writer.close());
    writer.runScript('CREATE TABLE t (n INTEGER)');
    const queue = createWriteQueue(writer, { busyTimeoutMs: 0, groupSize: 10 });
    const insert = () => queue.statement(() => writer.execute(query('INSERT INTO t VALUES (1)')));
    const fail = () =>
      queue.statement(() => {
        writer.rollback();
        throw new Error('the disk is gone');
      });
    const outcomes = await Promise.allSettled([insert(), fail(), insert()]);
    const rejected = { status: 'rejected', reason: { message: 'the disk is gone' } };
    expect(outcomes).toMatchObject([rejected, rejected, rejected]);
    expect(writer.query(query('SELECT n FROM t')).rows).toEqual([]);
    expect(await insert()).toBe(1);
  });
});

describe('a statement', () => {
  it('is committed when it is acknowledged', async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client);
    expect(openDirectly(path).prepare('SELECT count(*) AS n FROM dtrace_scripts').get()).toEqual({ n: 1 });
  });

  it.each([
    ['WITH two AS (SELECT 2 AS n) UPDATE t SET n = (SELECT n FROM two) RETURNING n', [[2]]],
    ['UPDATE t SET n = 2 RETURNING n', [[2]]],
    ['INSERT INTO t VALUES (2) RETURNING n', [[2]]],
    ['/* SELECT */ DELETE FROM t RETURNING n', [[1]]],
    ['WITH t2 AS (SELECT n FROM t) SELECT n FROM t2', [[1]]],
    ['-- a comment\n  SELECT n FROM t', [[1]]],
    ['VALUES (1)', [[1]]],
    ['PRAGMA journal_mode', [['wal']]],
    ['PRAGMA synchronous', [[2]]],
    ['PRAGMA foreign_keys', [[1]]],
  ])('may return rows: %s', async (sql, rows) => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)');
    expect((await adapter.queryRaw(query(sql))).rows).toEqual(rows);
  });

  it.each([
    ['UPDATE t SET n = 5', 3],
    ['DELETE FROM t WHERE n > 1', 2],
    ['WITH x AS (SELECT 1) DELETE FROM t', 3],
    ['UPDATE t SET n = 5 WHERE n = 1 RETURNING n', 1],
    ['CREATE TABLE other (n INTEGER)', 0],
    ['SELECT n FROM t', 0],
    ['PRAGMA optimize', 0],
    ['VACUUM', 0],
  ])('counts the rows it changed: %s', async (sql, count) => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)');
    expect(await adapter.executeRaw(query(sql))).toBe(count);
  });
});

describe('a script', () => {
  it('happens as a whole or not at all', async () => {
    const adapter = await openAdapter(temporaryPath());
    const script = "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1); INSERT INTO missing VALUES ('x')";
    await expect(adapter.executeScript(script)).rejects.toMatchObject({
      cause: { kind: 'TableDoesNotExist' },
    });
    expect((await adapter.queryRaw(query('SELECT name FROM sqlite_schema'))).rows).toEqual([]);
  });

  it('may switch foreign keys off, which are checked again afterwards', async () => {
    const adapter = await openAdapter(temporaryPath());
    const script = `PRAGMA foreign_keys = OFF; CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (parent INTEGER REFERENCES parent); INSERT INTO child VALUES (1); SELECT missing;`;
    await expect(adapter.executeScript(script)).rejects.toMatchObject({ cause: { kind: 'ColumnNotFound' } });
    expect((await adapter.queryRaw(query('SELECT parent FROM child'))).rows).toEqual([[1]]);
    expect((await adapter.queryRaw(query('PRAGMA foreign_keys'))).rows).toEqual([[1]]);
    expect((await adapter.queryRaw(query('PRAGMA busy_timeout'))).rows).toEqual([[0]]);
  });

  it('must end the transaction that it begins', async () => {
    const adapter = await openAdapter(temporaryPath());
    const script = 'BEGIN; CREATE TABLE t (n INTEGER)';
    const cause = { originalMessage: 'the script left its transaction open' };
    await expect(adapter.executeScript(script)).rejects.toMatchObject({ cause });
    expect((await adapter.queryRaw(query('SELECT name FROM sqlite_schema'))).rows).toEqual([]);
  });

  it('may create triggers', async () => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript(`CREATE TABLE t (n INTEGER);
      CREATE TRIGGER twice AFTER INSERT ON t WHEN new.n = 1 BEGIN INSERT INTO t VALUES (2); END;
      INSERT INTO t VALUES (1);`);
    expect((await adapter.queryRaw(query('SELECT n FROM t'))).rows).toEqual([[1], [2]]);
  });
});
