import { type EncodedRequest, type LoadResult, load } from './load.ts';
import { processorTimeUs } from './machine.ts';
import type { RunningServer } from './servers.ts';
import { median } from './table.ts';

export interface RoundsOptions {
  readonly rounds: number;
  /** The seconds for each cell in each round. */
  readonly seconds: number;
  /** The warm-up: seconds of the server's processor time for each cell before the first round. */
  readonly warmUp: number;
  readonly connections: number;
  readonly onProgress: (text: string) => void;
  /** The name of the server that the others are compared with; by default `ceiling`. */
  readonly baseline?: string;
}

/** One measurement of each round: one workload on one server. */
export interface Cell {
  readonly workload: string;
  readonly server: RunningServer;
  /** Sent in turn. */
  readonly requests: readonly EncodedRequest[];
}

/** The results of one workload on one server: medians over the rounds. */
export interface Outcome {
  readonly workload: string;
  readonly server: string;
  readonly perSecond: number;
  /** Relative to the requests that the baseline answered in the same round; NaN without a baseline. */
  readonly ofBaseline: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The processor time of the server's processes for a request, without a database server. */
  readonly cpuUs: number;
  /** The part of the time that the client was busy; near 1, it was the limit. */
  readonly clientBusy: number;
}

interface Sample extends LoadResult {
  readonly cpuUs: number;
}

/**
 * Measures all cells in every round, one after the other, so that other load of the machine affects all of them. The order
 * of the servers changes from round to round.
 */
export async function runRounds(cells: readonly Cell[], options: RoundsOptions): Promise<Outcome[]> {
  const samples = new Map<Cell, Sample[]>(cells.map((cell) => [cell, []]));
  const rivalsIn = (workload: string) => cells.filter((cell) => cell.workload === workload);
  for (const cell of cells) {
    options.onProgress(`warming up: ${cell.workload}, ${cell.server.name}`);
    await warmUp(cell, options);
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const workload of new Set(cells.map((cell) => cell.workload))) {
      options.onProgress(`round ${round} of ${options.rounds}: ${workload}`);
      for (const cell of rotate(rivalsIn(workload), round)) {
        samples.get(cell)?.push(await take(cell, options));
      }
    }
  }
  return cells.map((cell) => {
    const baseline = rivalsIn(cell.workload).find(
      ({ server }) => server.name === (options.baseline ?? 'ceiling'),
    );
    return summarize(
      cell,
      samples.get(cell) ?? [],
      baseline === undefined ? [] : (samples.get(baseline) ?? []),
    );
  });
}

/** How many times longer than on an idle machine a server may take to get its processor time. */
const warmUpPatience = 5;

/** Loads a server until it has used the processor time that compiling its code takes, even if it shares the processor. */
async function warmUp(
  { server, requests }: Cell,
  { connections, warmUp: seconds }: RoundsOptions,
): Promise<void> {
  const enoughUs = processorTimeUs(server.pid) + 0.8 * seconds * 1e6;
  for (let turn = 0; turn < warmUpPatience; turn += 1) {
    await load(server.url, requests, { connections, seconds });
    // Without a known processor time, once is enough.
    if (!(processorTimeUs(server.pid) < enoughUs)) return;
  }
}

async function take(
  { server, requests }: Cell,
  { connections, seconds, onProgress }: RoundsOptions,
): Promise<Sample> {
  const before = processorTimeUs(server.pid);
  const result = await load(server.url, requests, { connections, seconds });
  if (result.dropped > 0) {
    onProgress(`${server.name} closed ${result.dropped} connections with a request under way`);
  }
  return { ...result, cpuUs: (processorTimeUs(server.pid) - before) / result.requests };
}

function summarize(
  { workload, server }: Cell,
  samples: readonly Sample[],
  baseline: readonly Sample[],
): Outcome {
  const of = (member: keyof Sample) => median(samples.map((sample) => sample[member]));
  const ratios = samples.map(
    ({ perSecond }, round) => perSecond / (baseline[round]?.perSecond ?? Number.NaN),
  );
  return {
    workload,
    server: server.name,
    perSecond: of('perSecond'),
    ofBaseline: median(ratios),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuUs: of('cpuUs'),
    clientBusy: of('clientBusy'),
  };
}

function rotate<Element>(elements: readonly Element[], by: number): Element[] {
  const start = by % elements.length;
  return [...elements.slice(start), ...elements.slice(0, start)];
}
