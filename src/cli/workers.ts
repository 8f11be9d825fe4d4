import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, urlOf } from '../http/server.ts';
import type { Logger } from '../telemetry/logger.ts';
import { answerForAllWorkers } from '../telemetry/worker-metrics.ts';

/** The message of the primary process to its workers. */
const stopMessage = 'stop';

/** The pause before a restart: a worker that keeps failing must not keep a core busy. */
const restartAfterMs = 500;

/** How long a worker may take to end, after the time that running requests have. */
const endTimeoutMs = 3_000;

/** Thrown if a worker could not start. The worker has written the reason to standard error. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
}

/**
 * Runs this program in several worker processes, which take the connections of one port in turn. A worker that ends is
 * replaced.
 *
 * @throws WorkerError if the first worker cannot start
 */
export async function startWorkers(count: number, log: Logger): Promise<RunningServer> {
  let isStopping = false;
  answerForAllWorkers();

  const { address, port, addressType } = await start();
  for (let started = 1; started < count; started += 1) await start();

  return {
    url: urlOf({ address: address ?? '', port, family: addressType === 6 ? 'IPv6' : 'IPv4' }),
    stop: async (timeoutMs) => {
      isStopping = true;
      await Promise.all(workers().map((worker) => stop(worker, timeoutMs)));
    },
  };

  function start(): Promise<Address> {
    const worker = cluster.fork();
    return new Promise((resolve, reject) => {
      worker.once('listening', (address) => {
        worker.on('exit', (code, signal) => void replace(worker, code, signal));
        resolve(address);
      });
      worker.once('exit', () => reject(new WorkerError('A worker could not start.')));
    });
  }

  async function replace(worker: Worker, code: number | null, signal: string | null): Promise<void> {
    if (isStopping) return;
    log.error({ event: 'worker-ended', worker: worker.process.pid, code, signal });
    await sleep(restartAfterMs);
    while (!isStopping) {
      try {
        await start();
        return;
      } catch {
        // The worker has written the reason. The other workers continue.
        await sleep(restartAfterMs);
      }
    }
  }
}

/** In a worker: resolves when the primary process says stop. */
export function toldToStop(): Promise<void> {
  // A terminal sends a signal to all processes. Workers ignore it: the primary process decides.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (message === stopMessage) resolve();
    });
  });
}

async function stop(worker: Worker, timeoutMs: number): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, 'exit');
  const tell = () => worker.send(stopMessage, () => {});
  tell();
  // A worker that is still starting does not receive the first message.
  worker.on('listening', tell);
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), timeoutMs + endTimeoutMs);
  await ended;
  clearTimeout(timer);
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
