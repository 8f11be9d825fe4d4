import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSqliteAdapter } from '../../../src/store/sqlite/adapter.ts';
import {
  createDatabase,
  createScript,
  MOMENT,
  openAdapter,
  openClient,
  query,
  temporaryPath,
} from './database.ts';

describe('Prisma reports', () => {
  it('a value that exists already as P2002, with the table and the columns', async () => {
    const client = openClient(await createDatabase());
    await client.user.create({ data: { id: 'a', name: 'same', createdAt: MOMENT } });
    const again = client.user.create({ data: { id: 'b', name: 'same', createdAt: MOMENT } });
    await expect(again).rejects.toMatchObject({
      code: 'P2002',
      meta: { driverAdapterError: { cause: { table: 'users', constraint: { fields: ['name'] } } } },
    });
  });

  it('a primary key that exists already as P2002', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await expect(createScript(client)).rejects.toMatchObject({ code: 'P2002' });
  });

  it('a reference to nothing as P2003', async () => {
    const client = openClient(await createDatabase());
    const create = client.userGrant.create({ data: { userId: 'nobody', permission: '...' } });
    await expect(create).rejects.toMatchObject({ code: 'P2003' });
  });

  it('an update of what does not exist as P2025', async () => {
    const client = openClient(await createDatabase());
    const update = client.user.update({ where: { id: 'nobody' }, data: { name: 'x' } });
    await expect(update).rejects.toMatchObject({ code: 'P2025' });
  });

  it('a missing table as P2021', async () => {
    const client = openClient(temporaryPath());
    await expect(client.user.findMany()).rejects.toMatchObject({ code: 'P2021' });
  });

  it('a missing column as P2022', async () => {
    const client = openClient(await createDatabase());
    await client.$executeRaw`ALTER TABLE tokens DROP COLUMN label`;
    await expect(client.token.findMany()).rejects.toMatchObject({ code: 'P2022' });
  });
});

const TABLES = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT UNIQUE, nick TEXT, age INTEGER NOT NULL DEFAULT 0 CHECK (age >= 0));
  CREATE UNIQUE INDEX parent_lower_nick ON parent (lower(nick));
  CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent ON DELETE RESTRICT);
  INSERT INTO parent (id, name, nick) VALUES (1, 'one', 'first');
  INSERT INTO child VALUES (1);
`;
const TRIGGER = `CREATE TRIGGER no_boom BEFORE INSERT ON parent WHEN new.name = 'boom'
  BEGIN SELECT RAISE(ABORT, 'not that name'); END`;

describe.each(['executeRaw', 'queryRaw'] as const)('%s maps', (method) => {
  const unique = 'UniqueConstraintViolation';
  const check = { kind: 'sqlite', extendedCode: 275, originalCode: 'SQLITE_CONSTRAINT_CHECK' };
  it.each([
    ["INSERT INTO parent (name) VALUES ('one')", { kind: unique, constraint: { fields: ['name'] } }],
    ['INSERT INTO parent (id) VALUES (1)', { kind: unique, table: 'parent', constraint: { fields: ['id'] } }],
    [
      "INSERT INTO parent (nick) VALUES ('FIRST')",
      { kind: unique, constraint: { index: 'parent_lower_nick' } },
    ],
    ['UPDATE parent SET age = NULL', { kind: 'NullConstraintViolation', constraint: { fields: ['age'] } }],
    ['UPDATE parent SET age = -1', check],
    ['INSERT INTO child VALUES (2)', { kind: 'ForeignKeyConstraintViolation' }],
    ['DELETE FROM parent', { kind: 'ForeignKeyConstraintViolation' }],
    ["INSERT INTO parent (name) VALUES ('boom')", { kind: 'sqlite', message: 'not that name' }],
    ['SELECT * FROM missing', { kind: 'TableDoesNotExist', table: 'missing' }],
    ['SELECT missing FROM parent', { kind: 'ColumnNotFound', column: 'missing' }],
    ['SELECT "missing" FROM parent', { kind: 'ColumnNotFound', column: 'missing' }],
    ['INSERT INTO parent (missing) VALUES (1)', { kind: 'ColumnNotFound', column: 'missing' }],
    ['SELEC', { kind: 'sqlite', extendedCode: 1, originalMessage: 'near "SELEC": syntax error' }],
    ['UPDATE parent SET name = zeroblob(2000000000)', { kind: 'sqlite', extendedCode: 18 }],
  ])('%s', async (sql, cause) => {
    const adapter = await openAdapter(temporaryPath());
    await adapter.executeScript(TABLES);
    await adapter.executeRaw(query(TRIGGER));
    await expect(adapter[method](query(sql))).rejects.toMatchObject({ name: 'DriverAdapterError', cause });
  });
});

describe('opening', () => {
  const open = (path: string) => createSqliteAdapter({ path }).connect();

  it.each([':memory:', '', 'file::memory:', 'file:name?mode=memory&cache=shared'])(
    'refuses "%s", which is no file',
    async (path) => {
      await expect(open(path)).rejects.toThrow(
        `SQLite needs a database file, got "${path}": two connections would open two databases`,
      );
    },
  );

  it('names a path that cannot be opened', async () => {
    const path = join(dirname(temporaryPath()), 'missing', 'gateway.db');
    const cause = { kind: 'sqlite', extendedCode: 14, originalCode: 'SQLITE_CANTOPEN' };
    const failure = expect(open(path)).rejects;
    await failure.toMatchObject({
      cause,
      message: `${path}: Failed to open database: unable to open database file`,
    });
  });

  it('names a file that is no database', async () => {
    const path = temporaryPath();
    writeFileSync(path, 'a diary '.repeat(200));
    const cause = { kind: 'sqlite', extendedCode: 26, originalCode: 'SQLITE_NOTADB' };
    await expect(open(path)).rejects.toMatchObject({ cause, message: `${path}: file is not a database` });
  });

  it('takes a file: URI', async () => {
    const adapter = await openAdapter(`file:${temporaryPath()}`);
    expect((await adapter.queryRaw(query('SELECT 1 AS one'))).rows).toEqual([[1]]);
  });
});

describe('misuse is refused:', () => {
  it.each([
    ['SELECT 1; DELETE FROM users', 'the SQL holds more than one statement; run them one by one'],
    [
      "UPDATE users SET name = ';' ; UPDATE users SET name = ''",
      'the SQL holds more than one statement; run them one by one',
    ],
    ['-- missing', 'the SQL holds no statement'],
    ['SELECT 1\0; DELETE FROM users', 'SQL must not contain the character U+0000'],
    ['BEGIN', 'transactions begin and end with $transaction, not with SQL'],
    ['/* as a comment */ commit', 'transactions begin and end with $transaction, not with SQL'],
  ])('%j', async (sql, message) => {
    const adapter = await openAdapter(await createDatabase());
    await expect(adapter.executeRaw(query(sql))).rejects.toMatchObject({
      cause: { originalMessage: message },
    });
  });

  it.each(['SELECT 1;', 'SELECT 1; -- done\n', "SELECT ';' ;; /* ; */", 'SELECT ? -- ; \n'])(
    'but not %j, a single statement',
    async (sql) => {
      const adapter = await openAdapter(await createDatabase());
      expect((await adapter.queryRaw(query(sql))).rows).toHaveLength(1);
    },
  );

  it('an isolation level SQLite does not have', async () => {
    const adapter = await openAdapter(temporaryPath());
    const cause = { kind: 'InvalidIsolationLevel', level: 'READ COMMITTED' };
    await expect(adapter.startTransaction('READ COMMITTED')).rejects.toMatchObject({ cause });
  });

  it('more values than there are parameters', async () => {
    const adapter = await openAdapter(temporaryPath());
    const cause = { kind: 'sqlite', extendedCode: 25 };
    await expect(adapter.queryRaw(query('SELECT ?', 1, 2))).rejects.toMatchObject({ cause });
  });

  it('a value of no type SQLite has', async () => {
    const adapter = await openAdapter(temporaryPath());
    const cause = { kind: 'InvalidInputValue' };
    await expect(adapter.queryRaw(query('SELECT ?', { a: 1 }))).rejects.toMatchObject({ cause });
    await expect(adapter.queryRaw(query('SELECT ?', new Date(Number.NaN)))).rejects.toMatchObject({ cause });
    await expect(adapter.queryRaw(query('SELECT ?', 2n ** 63n))).rejects.toMatchObject({ cause });
  });
});
