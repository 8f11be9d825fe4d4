import { describe, expect, it } from 'vitest';
import { Prisma } from '../../../src/store/sqlite/generated/client.ts';
import {
  createDatabase,
  MOMENT,
  openAdapter,
  openClient,
  openDirectly,
  query,
  temporaryPath,
} from './database.ts';

const SCRIPT = {
  uuid: '5a1c1c9e-0000-4000-8000-000000000001',
  name: 'syscalls by process — ¿qué? 日本 🔍',
  script: "syscall:::entry /execname == '$name$'/ { @[probefunc] = count(); }\r\n",
  config: { name: 'init', depth: 3, ratio: 0.25, flags: [true, false, null], nested: { '': '"quoted"' } },
  metadata: { jingles: { tags: ['a', 'b'] } },
  revision: 7,
  createdAt: MOMENT,
  updatedAt: new Date('2026-11-23T15:36:00.001Z'),
  changedIn: 2n ** 40n,
};

describe('a model', () => {
  it('comes back from create and findUnique as it was written', async () => {
    const client = openClient(await createDatabase());
    expect(await client.dtraceScript.create({ data: SCRIPT })).toEqual(SCRIPT);
    expect(await client.dtraceScript.findUnique({ where: { uuid: SCRIPT.uuid } })).toEqual(SCRIPT);
  });

  it('comes back from update with what was changed', async () => {
    const client = openClient(await createDatabase());
    await client.dtraceScript.create({ data: SCRIPT });
    const change = { config: [1, 'two'], updatedAt: new Date('2027-01-01T00:00:00.000Z'), revision: 8 };
    const updated = await client.dtraceScript.update({ where: { uuid: SCRIPT.uuid }, data: change });
    expect(updated).toEqual({ ...SCRIPT, ...change });
  });

  it('comes back from $queryRaw with dates, parsed JSON and numbers', async () => {
    const client = openClient(await createDatabase());
    await client.dtraceScript.create({ data: SCRIPT });
    const rows = await client.$queryRaw`SELECT * FROM dtrace_scripts WHERE created_at = ${MOMENT}`;
    const { createdAt: created_at, updatedAt: updated_at, changedIn: changed_in, ...same } = SCRIPT;
    expect(rows).toEqual([{ ...same, created_at, updated_at, changed_in }]);
  });

  it('keeps nullable fields null, and sets and clears them', async () => {
    const client = openClient(await createDatabase());
    const user = { id: 'u', name: 'user', createdAt: MOMENT };
    const token = {
      id: 't',
      digest: 'd',
      userId: 'u',
      label: null,
      createdAt: MOMENT,
      expiresAt: null,
      revokedAt: null,
    };
    await client.user.create({
      data: { ...user, tokens: { create: { id: 't', digest: 'd', createdAt: MOMENT } } },
    });
    expect(await client.token.findUnique({ where: { id: 't' } })).toEqual(token);

    const change = { label: 'laptop', expiresAt: MOMENT };
    expect(await client.token.update({ where: { id: 't' }, data: change })).toEqual({ ...token, ...change });
    const cleared = await client.token.update({ where: { id: 't' }, data: { label: null, expiresAt: null } });
    expect(cleared).toEqual(token);
  });

  it('is found by a range of time, in the order of time', async () => {
    const client = openClient(await createDatabase());
    for (const day of ['2026-01-02', '2025-12-31', '2026-01-01']) {
      const createdAt = new Date(`${day}T23:59:59.999Z`);
      await client.dtraceScript.create({ data: { ...SCRIPT, uuid: day, createdAt } });
    }
    const found = await client.dtraceScript.findMany({
      where: { createdAt: { gte: new Date('2026-01-01T00:00:00Z') } },
      orderBy: { createdAt: 'asc' },
      select: { uuid: true },
    });
    expect(found.map(({ uuid }) => uuid)).toEqual(['2026-01-01', '2026-01-02']);
  });

  it.each([null, true, 5, -0.5, 'text', '5', [], {}, 9007199254740991])(
    'holds %j as a JSON document of its own',
    async (document) => {
      const client = openClient(await createDatabase());
      const config = document === null ? Prisma.JsonNull : document;
      await client.dtraceScript.create({ data: { ...SCRIPT, config } });
      expect((await client.dtraceScript.findFirstOrThrow()).config).toEqual(document);
      expect(await client.$queryRaw`SELECT config FROM dtrace_scripts`).toEqual([{ config: document }]);
    },
  );

  it('is created, and found, by more values than one statement takes', async () => {
    const client = openClient(await createDatabase());
    const data = Array.from({ length: 1000 }, (_, index) => ({ ...SCRIPT, uuid: `script-${index}` }));
    expect(await client.dtraceScript.createMany({ data })).toEqual({ count: 1000 });
    const uuids = Array.from({ length: 40_000 }, (_, index) => `script-${index}`);
    const found = await client.dtraceScript.findMany({
      where: { uuid: { in: uuids } },
      select: { uuid: true },
    });
    expect(found).toHaveLength(1000);
  });
});

describe('the file', () => {
  it('holds points in time as ISO 8601 with milliseconds and Z', async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await client.dtraceScript.create({ data: SCRIPT });
    await client.$executeRaw`UPDATE dtrace_scripts SET updated_at = ${new Date('2026-12-01T01:02:03Z')}`;
    const row = openDirectly(path).prepare('SELECT created_at, updated_at FROM dtrace_scripts').get();
    expect(row).toEqual({ created_at: '2026-11-23T15:36:00.000Z', updated_at: '2026-12-01T01:02:03.000Z' });
  });
});

describe('a column', () => {
  it.each([
    ['BIGINT', 2n ** 62n, 2n ** 62n],
    ['BIGINT', 5n, 5n],
    ['INTEGER', 2 ** 40, 2 ** 40],
    ['REAL', 0.1, 0.1],
    ['BOOLEAN', true, true],
    ['BLOB', Buffer.from([0, 1, 255]), Uint8Array.from([0, 1, 255])],
    ['VARCHAR(20)', 'text', 'text'],
    ['DATETIME', MOMENT, MOMENT],
    ['DATETIME', 1_795_448_160_000, new Date(1_795_448_160_000)],
    ['DATETIME', '2026-11-23 15:36:00', MOMENT],
    ['JSONB', '{"a":1}', { a: 1 }],
  ])('of type %s returns %s as %s', async (type, stored, returned) => {
    const client = openClient(temporaryPath());
    await client.$executeRawUnsafe(`CREATE TABLE t (value ${type})`);
    await client.$executeRaw`INSERT INTO t VALUES (${stored}), (NULL)`;
    expect(await client.$queryRaw`SELECT value FROM t`).toEqual([{ value: returned }, { value: null }]);
  });

  it('without a declared type goes by its first value', async () => {
    const client = openClient(temporaryPath());
    const rows =
      await client.$queryRaw`SELECT NULL AS n, 1.5 AS f, 'x' AS t, 9223372036854775807 AS i, x'00ff' AS b
      UNION ALL SELECT 2, 2.5, 'y', 1, x''`;
    expect(rows).toEqual([
      { n: null, f: 1.5, t: 'x', i: 9223372036854775807n, b: Uint8Array.from([0, 255]) },
      { n: 2n, f: 2.5, t: 'y', i: 1n, b: Uint8Array.from([]) },
    ]);
  });

  it('of * is looked up again after the table has changed', async () => {
    const client = openClient(temporaryPath());
    await client.$executeRawUnsafe('CREATE TABLE t (old INTEGER)');
    await client.$executeRawUnsafe('INSERT INTO t VALUES (1)');
    const all = () => client.$queryRawUnsafe('SELECT * FROM t');
    expect(await all()).toEqual([{ old: 1 }]);
    await client.$executeRawUnsafe('ALTER TABLE t RENAME COLUMN old TO new');
    expect(await all()).toEqual([{ new: 1 }]);
    await client.$executeRawUnsafe("ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'm'");
    expect(await all()).toEqual([{ new: 1, more: 'm' }]);
  });
});

describe('an argument', () => {
  it('beyond 32 bits stays an integer', async () => {
    const adapter = await openAdapter(temporaryPath());
    const { rows } = await adapter.queryRaw(query('SELECT typeof(?), typeof(?)', 2 ** 40, 0.5));
    expect(rows).toEqual([['integer', 'real']]);
  });

  it('with the character U+0000 is refused rather than cut short', async () => {
    const client = openClient(await createDatabase());
    const create = client.dtraceScript.create({ data: { ...SCRIPT, name: 'a\0b' } });
    await expect(create).rejects.toMatchObject({ code: 'P2007' });
  });

  it('inside JSON may hold that character', async () => {
    const client = openClient(await createDatabase());
    await client.dtraceScript.create({ data: { ...SCRIPT, config: { a: 'b\0c' } } });
    expect((await client.dtraceScript.findFirstOrThrow()).config).toEqual({ a: 'b\0c' });
  });
});
