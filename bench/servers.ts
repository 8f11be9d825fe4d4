import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Below node_modules, so that what is not bundled is found there. */
const builtFolder = join(root, 'node_modules', '.cache', 'dtrace-gateway-bench');

export interface ServerKind {
  readonly name: string;
  readonly title: string;
  /** What `node` is given. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether what it writes to standard error, its log, goes to /dev/null. */
  readonly discardsLog?: boolean;
  /** Whether it has FiFo's REST API. */
  readonly hasRest: boolean;
}

/** As operators are told to run them. The gateway has its defaults. */
const production = { NODE_ENV: 'production' };

export const serverKinds: readonly ServerKind[] = [
  {
    name: 'ceiling',
    title: 'bare node:http and the driver',
    args: [built('ceiling')],
    environment: production,
    hasRest: true,
  },
  {
    name: 'spliced',
    title: 'the ceiling with tokens in memory and shared commits',
    args: [built('spliced')],
    environment: production,
    hasRest: true,
  },
  {
    name: 'gateway',
    title: 'this gateway',
    args: [join(root, 'bin', 'dtrace-gateway.js'), 'serve'],
    hasRest: true,
  },
  {
    name: 'apollo',
    title: 'Apollo Server 5, Pothos, Prisma 7',
    args: [built('apollo')],
    environment: production,
    hasRest: false,
  },
  {
    name: 'yoga',
    title: 'GraphQL Yoga 5, Pothos, Prisma 7',
    args: [built('yoga')],
    environment: production,
    hasRest: false,
  },
  {
    name: 'mercurius',
    title: 'Fastify 5, Mercurius with its JIT, Pothos, the driver',
    args: [built('mercurius')],
    environment: { ...production, JIT: '1' },
    hasRest: false,
  },
  {
    name: 'mercurius-plain',
    title: 'Fastify 5, Mercurius without its JIT, Pothos, the driver',
    args: [built('mercurius')],
    environment: { ...production, JIT: '0' },
    hasRest: false,
  },
];

/** @throws Error when there is none by that name */
export function findServer(name: string): ServerKind {
  const found = serverKinds.find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`There is no server ${name}.`);
  return found;
}

/** The gateway without a memory of what it has read: measured when it is named. */
export const uncachedGateway: ServerKind = {
  ...findServer('gateway'),
  name: 'uncached',
  title: 'this gateway with READ_CACHE_BYTES=0',
  environment: { READ_CACHE_BYTES: '0' },
};

/** Another checkout of the gateway, built, as a server beside this one. */
export function otherGateway(folder: string): ServerKind {
  return {
    name: 'other',
    title: `the gateway in ${folder}`,
    args: [join(folder, 'bin', 'dtrace-gateway.js'), 'serve'],
    hasRest: true,
  };
}

/** Where the compiled program of that name is. */
export function built(name: string): string {
  return join(builtFolder, `${name}.mjs`);
}

const entryPoints = [
  'servers/ceiling.ts',
  'servers/spliced.ts',
  'servers/apollo.ts',
  'servers/yoga.ts',
  'servers/mercurius.ts',
  'worst/probe.ts',
];

/**
 * Compiles the servers other than the gateway: as the gateway, they run without a loader of TypeScript. And the probe:
 * a thread has none.
 */
export async function buildServers(): Promise<void> {
  mkdirSync(builtFolder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entryPoints.map((path) => [basename(path, '.ts'), `bench/${path}`])),
    outdir: builtFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
}

/** A server that answers. */
export interface RunningServer {
  readonly name: string;
  /** Without a path: `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, with its signal or exit code. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** Ends the process at once, whatever it is at. */
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface StartOptions {
  readonly databaseUrl: string;
  /** The core that it gets, where processes can be pinned. */
  readonly core?: number | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a server on a free port and waits until it listens. @throws Error with what it said when it does not start */
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
      // What it says from now on must be taken from the pipe, but nobody reads it.
      for (const output of outputs) output?.off('data', read).resume();
      resolve(url);
    };
    const outputs = [child.stdout, child.stderr];
    for (const output of outputs) output?.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The server ${name} has ended. It said:\n${said}`)));
  });
}
