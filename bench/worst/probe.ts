import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { HttpRequest } from '../load.ts';
import { processorTimeUs, residentMiB } from '../machine.ts';

export interface ProbeData {
  readonly url: string;
  readonly pid: number;
  /** The request of the other client. */
  readonly script: HttpRequest;
}

/** What another client observes while a server is busy. */
export interface Probed {
  /** The longest wait for `/health/live`. */
  readonly liveMs: number;
  /** The longest wait for one script. */
  readonly scriptMs: number;
  /** The peak of the resident memory, and its current size. */
  readonly peakMiB: number;
  readonly nowMiB: number;
  /** The processor time of the server so far. */
  readonly cpuUs: number;
}

/** The pause between two requests, and between two checks of the memory. */
const pauseMs = 5;

// A separate thread: the other one may read hundreds of megabytes.
const { url, pid, script } = workerData as ProbeData;
const live = keepAsking({ method: 'GET', path: '/health/live', headers: {}, body: '' });
const other = keepAsking(script);
let memory = { peakMiB: 0, nowMiB: 0, cpuUs: 0 };
setInterval(look, 2 * pauseMs);

parentPort?.on('message', (message: 'reset' | 'tell') => {
  look();
  if (message === 'reset') {
    for (const { reset } of [live, other]) reset();
    memory = { ...memory, peakMiB: memory.nowMiB };
  }
  const probed: Probed = { liveMs: live.longestMs(), scriptMs: other.longestMs(), ...memory };
  parentPort?.postMessage(probed);
});

function look(): void {
  try {
    const nowMiB = residentMiB(pid);
    const cpuUs = processorTimeUs(pid);
    // The process has ended.
    if (!(cpuUs > 0 && nowMiB > 0)) return;
    memory = { peakMiB: Math.max(memory.peakMiB, nowMiB), nowMiB, cpuUs };
  } catch {
    // It has ended.
  }
}

/** Repeats a request on one connection. A failed connection is opened again, and the wait continues. */
function keepAsking(asked: HttpRequest) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let longestMs = 0;
  let sinceMs: number | undefined;
  void ask();
  return {
    reset: () => {
      longestMs = 0;
      if (sinceMs !== undefined) sinceMs = performance.now();
    },
    longestMs: () => Math.max(longestMs, sinceMs === undefined ? 0 : performance.now() - sinceMs),
  };

  async function ask(): Promise<never> {
    for (;;) {
      sinceMs ??= performance.now();
      if (await isAnswered(asked, agent)) {
        longestMs = Math.max(longestMs, performance.now() - sinceMs);
        sinceMs = undefined;
      }
      await sleep(pauseMs);
    }
  }
}

function isAnswered({ method, path, headers, body }: HttpRequest, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      `${url}${path}`,
      { method, agent, headers: { ...headers, ...length } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(true));
        response.once('error', () => resolve(false));
      },
    );
    sent.once('error', () => resolve(false));
    sent.end(body);
  });
}
