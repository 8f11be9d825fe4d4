import type { Provider } from '../src/store/store.ts';
import { send } from './compare.ts';
import { buildLibrary } from './data.ts';
import { openDatabaseHost } from './databases.ts';
import type { Cores } from './machine.ts';
import type { ServerKind } from './server-kinds.ts';
import { startServer } from './servers.ts';
import { median } from './table.ts';
import { oneScript } from './workloads.ts';

export interface StartOptions {
  readonly servers: readonly ServerKind[];
  readonly rounds: number;
  readonly scripts: number;
  readonly cores: Cores | undefined;
}

/** Measures the milliseconds from the start of a server's process to its first answer to a query: medians, by server. */
export async function measureStart(
  provider: Provider,
  { servers, rounds, scripts, cores }: StartOptions,
): Promise<Readonly<Record<string, number>>> {
  const host = await openDatabaseHost(provider, cores?.others);
  try {
    const { library, url: databaseUrl } = await host.build('start', (url) => buildLibrary(url, scripts, 0));
    const request = oneScript(library.uuids[0] ?? '');
    const timesMs = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of servers) {
        const startMs = performance.now();
        const server = await startServer(kind, { databaseUrl, core: cores?.server });
        await send(server, request);
        timesMs.get(kind.name)?.push(performance.now() - startMs);
        await server.stop();
      }
    }
    return Object.fromEntries([...timesMs].map(([name, times]) => [name, median(times)]));
  } finally {
    await host.close();
  }
}
