import type { Provider } from '../src/store/store.ts';
import { compareAnswers } from './compare.ts';
import { type BuiltDatabase, openDatabaseHost } from './databases.ts';
import { type EncodedRequest, encodeRequest, type LoadResult, load } from './load.ts';
import { type Cores, processorTimeUs, residentMiB } from './machine.ts';
import { type RunningServer, type ServerKind, startServer } from './servers.ts';
import { median } from './table.ts';
import type { Workload } from './workloads.ts';

export interface RoundsOptions {
  readonly workloads: readonly Workload[];
  readonly servers: readonly ServerKind[];
  readonly rounds: number;
  /** For each workload on each server in each round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** In the common library. */
  readonly scripts: number;
  readonly cores: Cores | undefined;
  readonly onProgress: (text: string) => void;
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
  /** Processor time that the server's process had for a request, a database server's not included. */
  readonly cpuUs: number;
  readonly clientBusy: number;
}

export interface Comparison {
  readonly provider: Provider;
  readonly outcomes: readonly Outcome[];
  /** Resident after the run, by server. */
  readonly memoryMiB: Readonly<Record<string, number>>;
}

/** What makes "a list for a caller with 5,000 single-script grants among 100,000 scripts". */
const grantsLibrary = { scripts: 100_000, grants: 5_000 } as const;
const commonGrants = 500;

/** Different requests of a workload, taken in turn. */
const requestsPerWorkload = 1_000;

/**
 * Builds the data, starts the servers, checks that all give the same answers, and measures: in every round each workload on
 * each server, one after the other, so that whatever else the machine does meets them all.
 */
export async function runRounds(provider: Provider, options: RoundsOptions): Promise<Comparison> {
  const host = await openDatabaseHost(provider, options.cores?.others);
  try {
    const results: Comparison[] = [];
    for (const name of ['common', 'grants'] as const) {
      const workloads = options.workloads.filter(({ library }) => library === name);
      if (workloads.length === 0) continue;
      options.onProgress(`${provider}: building the data (${name})`);
      const database = await (name === 'common'
        ? host.build(name, options.scripts, commonGrants)
        : host.build(name, grantsLibrary.scripts, grantsLibrary.grants));
      results.push(await measure(provider, database, { ...options, workloads }));
      await database.drop();
    }
    return {
      provider,
      outcomes: results.flatMap(({ outcomes }) => outcomes),
      memoryMiB: results[0]?.memoryMiB ?? {},
    };
  } finally {
    await host.close();
  }
}

interface Sample extends LoadResult {
  readonly cpuUs: number;
}

async function measure(
  provider: Provider,
  database: BuiltDatabase,
  options: RoundsOptions,
): Promise<Comparison> {
  const { workloads, rounds, cores, onProgress } = options;
  const writes = workloads.some(({ name }) => name === 'set-metadata');
  const servers: RunningServer[] = [];
  try {
    for (const kind of options.servers) {
      const databaseUrl = writes ? await database.copyFor(kind.name) : database.url;
      servers.push(await startServer(kind, { databaseUrl, core: cores?.server }));
    }
    const hasRest = new Set(options.servers.filter((kind) => kind.hasRest).map(({ name }) => name));
    const serversOf = (workload: Workload) =>
      workload.isRest ? servers.filter(({ name }) => hasRest.has(name)) : servers;

    const requests = new Map<Workload, readonly EncodedRequest[]>();
    for (const workload of workloads) {
      onProgress(`${provider}: comparing answers, ${workload.name}`);
      await compareAnswers(workload, database.library, serversOf(workload));
      requests.set(
        workload,
        Array.from({ length: requestsPerWorkload }, (_, number) =>
          encodeRequest(workload.request(database.library, number)),
        ),
      );
    }
    const take = async (workload: Workload, server: RunningServer, seconds: number): Promise<Sample> => {
      const before = processorTimeUs(server.pid);
      const result = await load(server.url, requests.get(workload) ?? [], { ...options, seconds });
      return { ...result, cpuUs: (processorTimeUs(server.pid) - before) / result.requests };
    };

    const samples = new Map<string, Sample[]>();
    for (let round = 0; round <= rounds; round += 1) {
      for (const workload of workloads) {
        onProgress(
          `${provider}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}, ${workload.name}`,
        );
        for (const server of rotate(serversOf(workload), round)) {
          const sample = await take(workload, server, round === 0 ? options.warmUpSeconds : options.seconds);
          if (round > 0) upsert(samples, `${workload.name} ${server.name}`).push(sample);
        }
      }
    }
    return {
      provider,
      outcomes: workloads.flatMap((workload) =>
        serversOf(workload).map(({ name }) =>
          summarize(
            workload.name,
            name,
            samples.get(`${workload.name} ${name}`),
            samples.get(`${workload.name} ceiling`),
          ),
        ),
      ),
      memoryMiB: Object.fromEntries(servers.map(({ name, pid }) => [name, residentMiB(pid)])),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function summarize(
  workload: string,
  server: string,
  samples: readonly Sample[] = [],
  ceiling: readonly Sample[] = [],
): Outcome {
  const of = (member: keyof Sample) => median(samples.map((sample) => sample[member]));
  return {
    workload,
    server,
    perSecond: of('perSecond'),
    ofCeiling: median(
      samples.map(({ perSecond }, round) => perSecond / (ceiling[round]?.perSecond ?? Number.NaN)),
    ),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuUs: of('cpuUs'),
    clientBusy: of('clientBusy'),
  };
}

/** No server always comes first. */
function rotate<Element>(elements: readonly Element[], by: number): Element[] {
  const start = elements.length === 0 ? 0 : by % elements.length;
  return [...elements.slice(start), ...elements.slice(0, start)];
}

function upsert<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
