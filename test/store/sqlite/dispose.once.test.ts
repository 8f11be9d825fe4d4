import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSqliteAdapter } from '../../../src/store/sqlite/adapter.ts';
import {
  createDatabase,
  createScript,
  openAdapter,
  openClient,
  openDirectly,
  query,
  revise,
  revisionOf,
} from './database.ts';

const closed = { cause: { kind: 'ConnectionClosed' } };

describe('dispose', () => {
  it('finishes the writes that stand in line', async () => {
    const path = await createDatabase();
    const adapter = await createSqliteAdapter({ path }).connect();
    const insert = (name: number) =>
      adapter.executeRaw(query("INSERT INTO users (id, name, created_at) VALUES (?, ?, '')", name, name));
    const writes = Array.from({ length: 250 }, (_, name) => insert(name));
    await adapter.dispose();
    expect(await Promise.all(writes)).toHaveLength(250);
    expect(openDirectly(path).prepare('SELECT count(*) AS n FROM users').get()).toEqual({ n: 250 });
  });

  it('waits for an open transaction, and starts no other', async () => {
    const path = await createDatabase();
    const adapter = await createSqliteAdapter({ path }).connect();
    const transaction = await adapter.startTransaction();
    const other = expect(adapter.startTransaction()).rejects.toMatchObject(closed);
    const disposal = adapter.dispose();
    await other;
    await transaction.executeRaw(query("INSERT INTO users (id, name, created_at) VALUES ('u', 'u', '')"));
    await transaction.commit();
    await disposal;
    expect(openDirectly(path).prepare('SELECT count(*) AS n FROM users').get()).toEqual({ n: 1 });
  });

  it('refuses everything afterwards, and may be repeated', async () => {
    const adapter = await openAdapter(await createDatabase());
    await Promise.all([adapter.dispose(), adapter.dispose()]);
    await expect(adapter.queryRaw(query('SELECT 1'))).rejects.toMatchObject(closed);
    await expect(adapter.executeRaw(query('DELETE FROM users'))).rejects.toMatchObject(closed);
    await expect(adapter.executeScript('DELETE FROM users')).rejects.toMatchObject(closed);
    await expect(adapter.startTransaction()).rejects.toMatchObject(closed);
    await expect(adapter.dispose()).resolves.toBeUndefined();
  });

  it('leaves everything in the database file itself', async () => {
    const path = await createDatabase();
    const client = openClient(path);
    await createScript(client, 'script-1', 'a name to look for');
    await client.$disconnect();
    expect(readFileSync(path).includes('a name to look for')).toBe(true);
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
  });

  it('lets the client connect again', async () => {
    const client = openClient(await createDatabase());
    await createScript(client);
    await client.$disconnect();
    await revise(client);
    expect(await revisionOf(client)).toBe(2);
  });
});
