import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { built } from '../build-programs.ts';
import type { ProbeData, Probed } from './probe.ts';

export interface Probe {
  /** Resets the waits and the peak. @returns the current state */
  reset(): Promise<Probed>;
  /** @returns the longest waits, and the peak, since the last reset */
  tell(): Promise<Probed>;
  stop(): Promise<void>;
}

/** Starts a thread that sends requests like another client, and watches the memory of the server. */
export function startProbe(data: ProbeData): Probe {
  const worker = new Worker(built('probe'), { workerData: data });
  const ask = async (message: 'reset' | 'tell') => {
    worker.postMessage(message);
    const [probed] = await once(worker, 'message');
    return probed as Probed;
  };
  return {
    reset: () => ask('reset'),
    tell: () => ask('tell'),
    stop: async () => void (await worker.terminate()),
  };
}
