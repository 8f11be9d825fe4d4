import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Provider } from '../../src/store/store.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A folder in memory, if the system has one: test data need not survive a power cut. */
const fastFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The database provider of this run of the suite. */
export const provider = (process.env.TEST_PROVIDER ?? 'sqlite') as Provider;

/** A new, empty database of the provider of this run. */
export async function createDatabase(): Promise<TestDatabase> {
  return provider === 'sqlite' ? createSqliteDatabase() : createPostgresDatabase(inject('postgresUrl'));
}

/** A new, empty SQLite file, with any provider. */
export async function createSqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(fastFolder, 'dtrace-gateway-'));
  return {
    url: `file:${join(folder, 'dtrace.db')}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A new, empty database on a PostgreSQL server. */
export async function createPostgresDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
