import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerKind } from './server-kinds.ts';

/** A running server. */
export interface RunningServer {
  readonly name: string;
  /** Without a path: `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, with its signal or exit code. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** Ends the process at once. */
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface StartOptions {
  readonly databaseUrl: string;
  /** The core of the server, if processes can be pinned. */
  readonly core?: number | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a server on a free port and waits until it listens. @throws Error with its output if it does not start */
export async function startServer(
  kind: ServerKind,
  { databaseUrl, core, environment }: StartOptions,
): Promise<RunningServer> {
  const command = [process.execPath, ...kind.args];
  const [file = '', ...args] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
  const child = spawn(file, args, {
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      ...kind.environment,
      ...environment,
    },
    stdio: ['ignore', 'pipe', kind.discardsLog ? 'ignore' : 'pipe'],
  });
  running.add(child);
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return String(signal ?? `exit code ${code}`);
  });
  const url = await urlSaidBy(child, kind.name);
  return {
    name: kind.name,
    url,
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function stopAll(servers: readonly RunningServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

function urlSaidBy(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (text: string) => {
      said += text;
      const url = /^(?:Ready|GraphQL and GraphiQL): (http:\/\/[^/\s]+)\/\S*$/m.exec(said)?.[1];
      if (url === undefined) return;
      // The pipe must be emptied, but the rest of the output is not used.
      for (const output of outputs) output?.off('data', read).resume();
      resolve(url);
    };
    const outputs = [child.stdout, child.stderr];
    for (const output of outputs) output?.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The server ${name} has ended. It said:\n${said}`)));
  });
}
