import type { Provider } from '../src/store/store.ts';
import { compareAnswers } from './compare.ts';
import { buildLibrary } from './data.ts';
import { type BuiltDatabase, openDatabaseHost } from './databases.ts';
import { type Cores, residentMiB } from './machine.ts';
import { type Outcome, type RoundsOptions, runRounds } from './rounds.ts';
import type { ServerKind } from './server-kinds.ts';
import { type RunningServer, startServer, stopAll } from './servers.ts';
import { encodeRequests, type Workload } from './workloads.ts';

export interface ComparisonOptions extends RoundsOptions {
  readonly workloads: readonly Workload[];
  readonly servers: readonly ServerKind[];
  /** In the common library. */
  readonly scripts: number;
  readonly cores: Cores | undefined;
}

export interface Comparison {
  readonly provider: Provider;
  readonly outcomes: readonly Outcome[];
  /** Resident memory after the run, by server. */
  readonly memoryMiB: Readonly<Record<string, number>>;
}

/** The library of "a list for a caller with 5,000 single-script grants among 100,000 scripts". */
const grantsLibrary = { scripts: 100_000, grants: 5_000 } as const;
const commonGrants = 500;

/** Builds the data, starts the servers, checks that their answers are equal, and measures them in rounds. */
export async function compareServers(provider: Provider, options: ComparisonOptions): Promise<Comparison> {
  const host = await openDatabaseHost(provider, options.cores?.others);
  try {
    const results: Comparison[] = [];
    for (const name of ['common', 'grants'] as const) {
      const workloads = options.workloads.filter(({ library }) => library === name);
      if (workloads.length === 0) continue;
      options.onProgress(`${provider}: building the data`);
      const { scripts, grants } =
        name === 'grants' ? grantsLibrary : { scripts: options.scripts, grants: commonGrants };
      const database = await host.build(name, (url) => buildLibrary(url, scripts, grants));
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

async function measure(
  provider: Provider,
  database: BuiltDatabase,
  options: ComparisonOptions,
): Promise<Comparison> {
  const { workloads, cores, onProgress } = options;
  const writes = workloads.some(({ isWrite }) => isWrite);
  const servers: RunningServer[] = [];
  try {
    for (const kind of options.servers) {
      const databaseUrl = writes ? await database.copyFor(kind.name) : database.url;
      servers.push(await startServer(kind, { databaseUrl, core: cores?.server }));
    }
    const withRest = options.servers.filter(({ hasRest }) => hasRest).map(({ name }) => name);
    const rivalsIn = ({ isRest }: Workload) =>
      isRest ? servers.filter(({ name }) => withRest.includes(name)) : servers;

    for (const workload of workloads) {
      onProgress(`${provider}: comparing answers to ${workload.name}`);
      await compareAnswers(workload, database.library, rivalsIn(workload));
    }
    const cells = workloads.flatMap((workload) => {
      const requests = encodeRequests(workload, database.library);
      return rivalsIn(workload).map((server) => ({ workload: workload.name, server, requests }));
    });
    const outcomes = await runRounds(cells, {
      ...options,
      onProgress: (text) => onProgress(`${provider}: ${text}`),
    });
    const memoryMiB = Object.fromEntries(servers.map(({ name, pid }) => [name, residentMiB(pid)]));
    return { provider, outcomes, memoryMiB };
  } finally {
    await stopAll(servers);
  }
}
