import { type EncodedRequest, type LoadResult, load } from './load.ts';
import { processorTimeUs } from './machine.ts';
import type { RunningServer } from './servers.ts';
import { median } from './table.ts';

export interface RoundsOptions {
  readonly rounds: number;
  /** For each cell in each round. */
  readonly seconds: number;
  /** For each cell before the first round. */
  readonly warmUp: number;
  readonly connections: number;
  readonly onProgress: (text: string) => void;
}

/** What is measured in each round: one workload on one server. */
export interface Cell {
  readonly workload: string;
  readonly server: RunningServer;
  /** Taken in turn. */
  readonly requests: readonly EncodedRequest[];
}

/** How one server does one workload: medians over the rounds. */
export interface Outcome {
  readonly workload: string;
  readonly server: string;
  readonly perSecond: number;
  /** Of the requests that the ceiling answered in the same round; NaN without a ceiling. */
  readonly ofCeiling: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time that the server's process had for a request, that of a database server not included. */
  readonly cpuUs: number;
  /** The part of the time that the client was at work; near 1 it was the limit. */
  readonly clientBusy: number;
}

interface Sample extends LoadResult {
  readonly cpuUs: number;
}

/**
 * Measures every cell in every round, one after the other, so that whatever else the machine does meets them all. Within a
 * workload no server always comes first.
 */
export async function runRounds(cells: readonly Cell[], options: RoundsOptions): Promise<Outcome[]> {
  const samples = new Map<Cell, Sample[]>(cells.map((cell) => [cell, []]));
  const rivalsIn = (workload: string) => cells.filter((cell) => cell.workload === workload);
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const workload of new Set(cells.map((cell) => cell.workload))) {
      options.onProgress(
        `${round === 0 ? 'warming up' : `round ${round} of ${options.rounds}`}: ${workload}`,
      );
      for (const cell of rotate(rivalsIn(workload), round)) {
        const sample = await take(cell, options.connections, round === 0 ? options.warmUp : options.seconds);
        if (sample.dropped > 0) {
          options.onProgress(
            `${cell.server.name} closed ${sample.dropped} connections with a request under way`,
          );
        }
        if (round > 0) samples.get(cell)?.push(sample);
      }
    }
  }
  return cells.map((cell) => {
    const ceiling = rivalsIn(cell.workload).find(({ server }) => server.name === 'ceiling');
    return summarize(
      cell,
      samples.get(cell) ?? [],
      ceiling === undefined ? [] : (samples.get(ceiling) ?? []),
    );
  });
}

async function take({ server, requests }: Cell, connections: number, seconds: number): Promise<Sample> {
  const before = processorTimeUs(server.pid);
  const result = await load(server.url, requests, { connections, seconds });
  return { ...result, cpuUs: (processorTimeUs(server.pid) - before) / result.requests };
}

function summarize(
  { workload, server }: Cell,
  samples: readonly Sample[],
  ceiling: readonly Sample[],
): Outcome {
  const of = (member: keyof Sample) => median(samples.map((sample) => sample[member]));
  const ratios = samples.map(({ perSecond }, round) => perSecond / (ceiling[round]?.perSecond ?? Number.NaN));
  return {
    workload,
    server: server.name,
    perSecond: of('perSecond'),
    ofCeiling: median(ratios),
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
