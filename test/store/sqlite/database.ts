import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import { onTestFinished } from 'vitest';
import { createSqliteAdapter } from '../../../src/store/sqlite/adapter.ts';
import { PrismaClient } from '../../../src/store/sqlite/generated/client.ts';

export const MOMENT = new Date('2026-11-23T15:36:00.000Z');

const MIGRATIONS = new URL('../../../prisma/sqlite/migrations/', import.meta.url);

/** The path of a database file that does not exist yet; its folder goes with the test. */
export function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'gateway.db');
}

/** The path of a database with the product's tables, all empty. */
export async function createDatabase(): Promise<string> {
  const path = temporaryPath();
  const adapter = await createSqliteAdapter({ path }).connect();
  for (const folder of readdirSync(MIGRATIONS, { withFileTypes: true })) {
    if (folder.isDirectory()) {
      const file = new URL(`${folder.name}/migration.sql`, MIGRATIONS);
      await adapter.executeScript(readFileSync(file, 'utf8'));
    }
  }
  await adapter.dispose();
  return path;
}

/** A client of its own, disconnected after the test. */
export function openClient(path: string, busyTimeoutMs = 5000): PrismaClient {
  const client = new PrismaClient({ adapter: createSqliteAdapter({ path, busyTimeoutMs }) });
  onTestFinished(() => client.$disconnect());
  return client;
}

/** The adapter as Prisma would use it, disposed of after the test. */
export async function openAdapter(path: string, busyTimeoutMs = 5000): Promise<SqlDriverAdapter> {
  const adapter = await createSqliteAdapter({ path, busyTimeoutMs }).connect();
  onTestFinished(() => adapter.dispose());
  return adapter;
}

/** A connection past the adapter, as another program would have it. */
export function openDirectly(path: string): DatabaseSyncInstance {
  const database = new DatabaseSync(path, { timeout: 5000 });
  onTestFinished(() => database.close());
  return database;
}

/** A statement without typed arguments. */
export function query(sql: string, ...args: unknown[]): SqlQuery {
  return { sql, args, argTypes: args.map(() => ({ scalarType: 'unknown', arity: 'scalar' })) };
}

export function createScript(client: PrismaClient, uuid = 'script-1', name = 'profiler') {
  return client.dtraceScript.create({
    data: {
      uuid,
      name,
      script: 'BEGIN { exit(0); }',
      config: {},
      metadata: {},
      createdAt: MOMENT,
      updatedAt: MOMENT,
    },
  });
}

/** One more revision, in a single statement. */
export function revise(client: PrismaClient, uuid = 'script-1') {
  return client.dtraceScript.update({ where: { uuid }, data: { revision: { increment: 1 } } });
}

export async function revisionOf(client: PrismaClient, uuid = 'script-1'): Promise<number> {
  return (await client.dtraceScript.findUniqueOrThrow({ where: { uuid } })).revision;
}
