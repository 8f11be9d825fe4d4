import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './postgres-server.ts';

export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

/**
 * PgBouncer in front of a database, with its defaults. It has one database for each pool mode, with the name of the mode.
 *
 * @param settings - more lines of the section `[pgbouncer]`
 */
export async function startPgBouncer(databaseUrl: string, settings: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const { hostname, port: serverPort, pathname, username, password } = new URL(databaseUrl);
  const target = `host=${hostname} port=${serverPort} dbname=${pathname.slice(1)}`;
  await writeFile(join(folder, 'users.txt'), `"${username}" "${password}"\n`);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    [
      '[databases]',
      ...['session', 'transaction', 'statement'].map((mode) => `${mode} = ${target} pool_mode=${mode}`),
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${join(folder, 'users.txt')}`,
      ...settings,
      '',
    ].join('\n'),
  );
  // PgBouncer does not run as root.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', ['--quiet', ...asUser, file], { stdio: 'ignore' });
  await untilItListens(port);
  return {
    urlOf: (mode: 'session' | 'transaction' | 'statement') =>
      `postgres://${username}:${password}@127.0.0.1:${port}/${mode}`,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilItListens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(25);
    } finally {
      socket.destroy();
    }
  }
  throw new Error('PgBouncer does not listen.');
}
