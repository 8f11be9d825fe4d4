import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type GraphqlAnswer, sendOperation } from './world.ts';

/** The command, from the build. `npm test` builds first. */
export const command = fileURLToPath(new URL('../../bin/dtrace-gateway.js', import.meta.url));

const session = fileURLToPath(new URL('session.js', import.meta.url));
const curl = fileURLToPath(new URL('curl.js', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** The output and the exit code of a process that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that may still be running. */
export interface Running {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading its output, like a log collector that has failed. */
  closeOutput(): void;
}

/** A gateway that is ready. */
export interface Server extends Running {
  /** Without a path: `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Present on the first start only. */
  readonly adminToken: string | undefined;
  /** Sends one operation with a token, or with none (null). */
  ask(
    token: string | null,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<GraphqlAnswer>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const running = new Set<ChildProcess>();

// Ends the processes of a failed test: a worker that is stopped runs no hooks.
const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killAll);
afterAll(async () => {
  const left = [...running].map((child) => once(child, 'close'));
  killAll();
  await Promise.all(left);
});

/** Starts `dtrace-gateway` with these arguments, and with only the given environment variables. */
export function startCommand(words: readonly string[], environment: Environment): Running {
  return start(process.execPath, [command, ...words], environment);
}

/** Runs `dtrace-gateway` until it ends. */
export function runCommand(words: readonly string[], environment: Environment): Promise<Ended> {
  return startCommand(words, environment).ended;
}

/**
 * Starts a process that runs many commands one after the other. The program is loaded only once, which saves half a second
 * for each command.
 */
export function openSession(environment: Environment) {
  const child = spawnProcess(process.execPath, [session], environment);
  const stdout = piecesOf(child.stdout);
  const stderr = piecesOf(child.stderr);
  const run = async (words: readonly string[]): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    const said = await stdout.next();
    const code = await stdout.next();
    const warned = await stderr.next();
    if (code.done || warned.done) throw new Error(`The session ended in: ${words.join(' ')}`);
    return { code: Number(code.value), stdout: said.value ?? '', stderr: warned.value };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (...words: string[]) => {
    const outcome = last.then(() => run(words));
    last = outcome.catch(() => {});
    return outcome;
  };
}

/** Runs a line of bash until it ends. `$GATEWAY` is the command, and `curl` exists on every machine. */
export function runShell(line: string, environment: Environment): Promise<Ended> {
  const gateway = `${process.execPath} ${command}`;
  const script = `command -v curl >/dev/null || curl() { '${process.execPath}' '${curl}' "$@"; }\n${line}`;
  return start('bash', ['--norc', '-c', script], { ...environment, GATEWAY: gateway }).ended;
}

/** Starts `dtrace-gateway serve` on a free port, with only warnings in its log, and waits until it is ready. */
export async function startServer(
  environment: Environment,
  options: readonly string[] = [],
): Promise<Server> {
  const process = startCommand(['serve', ...options], { PORT: '0', LOG_LEVEL: 'warn', ...environment });
  const readyText = await readyTextOf(process);
  const url = /^GraphQL and GraphiQL: (\S+)\/graphql$/m.exec(readyText)?.[1];
  if (url === undefined) throw new Error(`No address in: ${readyText}`);
  return {
    ...process,
    url,
    adminToken: /^Admin token: (\S+)$/m.exec(readyText)?.[1],
    ask: (token, query, variables) =>
      sendOperation((init) => fetch(`${url}/graphql`, init), token, query, variables),
    stop: (signal = 'SIGTERM') => {
      process.kill(signal);
      return process.ended;
    },
  };
}

function spawnProcess(file: string, args: readonly string[], environment: Environment) {
  const child = spawn(file, args, {
    // Outside the project, because some defaults are relative to the working directory.
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: 'pipe',
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  return child;
}

function start(file: string, args: readonly string[], environment: Environment): Running {
  const child = spawnProcess(file, args, environment);
  let stdout = '';
  let stderr = '';
  child.stdin.end();
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    kill: (signal) => void child.kill(signal),
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** The text before the zero character that the process writes after each answer. */
async function* piecesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    const pieces = text.split('\0');
    text = pieces.pop() ?? '';
    yield* pieces;
  }
}

/** The output of a server up to the end of the first query. */
async function readyTextOf(server: Running): Promise<string> {
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  while (!/^ {2}-d '.*'\n\n/m.test(server.stdout())) {
    if (hasEnded) throw new Error(`The server did not start: ${server.stdout()}${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return server.stdout();
}
