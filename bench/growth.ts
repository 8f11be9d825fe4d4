import type { Provider } from '../src/store/store.ts';
import { buildLibrary } from './data.ts';
import { openDatabaseHost } from './databases.ts';
import type { Cores } from './machine.ts';
import { type Cell, type Outcome, type RoundsOptions, runRounds } from './rounds.ts';
import type { ServerKind } from './server-kinds.ts';
import { type RunningServer, startServer, stopAll } from './servers.ts';
import { encodeRequests, findWorkload } from './workloads.ts';

export interface GrowthOptions extends RoundsOptions {
  readonly servers: readonly ServerKind[];
  /** The sizes of the libraries. */
  readonly scripts: readonly number[];
  /** The single-script grants of the caller without a wildcard. */
  readonly grants: number;
  readonly cores: Cores | undefined;
}

/** Measures a list of 50 in growing libraries, for a caller with a wildcard and for one with many single grants. */
export async function measureGrowth(provider: Provider, options: GrowthOptions): Promise<Outcome[]> {
  const { cores, onProgress } = options;
  const host = await openDatabaseHost(provider, cores?.others);
  const servers: RunningServer[] = [];
  try {
    const cells: Cell[] = [];
    for (const size of options.scripts) {
      const scripts = size.toLocaleString('en-GB');
      onProgress(`${provider}: building ${scripts} scripts`);
      const { url: databaseUrl, library } = await host.build(`growth-${size}`, (url) =>
        buildLibrary(url, size, options.grants),
      );
      for (const kind of options.servers) {
        const server = await startServer(kind, { databaseUrl, core: cores?.server });
        servers.push(server);
        const add = (name: string, caller: string) => {
          const requests = encodeRequests(findWorkload(name), library);
          cells.push({ workload: `${scripts} scripts, ${caller}`, server, requests });
        };
        add('list-50', 'wildcard');
        add('list-50-grants', `${library.grantedUuids.length.toLocaleString('en-GB')} grants`);
      }
    }
    return await runRounds(cells, options);
  } finally {
    await stopAll(servers);
    await host.close();
  }
}
