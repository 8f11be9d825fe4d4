import type { Provider } from '../src/store/store.ts';
import { buildLibrary } from './data.ts';
import { openDatabaseHost } from './databases.ts';
import { load } from './load.ts';
import { type Cores, residentMiB } from './machine.ts';
import type { ServerKind } from './server-kinds.ts';
import { startServer } from './servers.ts';
import { encodeRequests, workloads } from './workloads.ts';

export interface MemoryOptions {
  readonly server: ServerKind;
  readonly requests: number;
  readonly connections: number;
  readonly scripts: number;
  readonly cores: Cores | undefined;
  readonly onProgress: (text: string) => void;
}

const steps = 10;

/** The resident memory of a server before many requests of all kinds, and after every tenth of them. */
export async function measureMemory(
  provider: Provider,
  options: MemoryOptions,
): Promise<{ readonly requests: number; readonly mib: number }[]> {
  const host = await openDatabaseHost(provider, options.cores?.others);
  try {
    const { library, url: databaseUrl } = await host.build('memory', (url) =>
      buildLibrary(url, options.scripts, 0),
    );
    const kinds = workloads.filter(
      (workload) => workload.library === 'common' && (!workload.isRest || options.server.hasRest),
    );
    const each = kinds.map((workload) => encodeRequests(workload, library));
    const mixed = (each[0] ?? []).flatMap((_, number) => each.flatMap((requests) => requests[number] ?? []));

    const server = await startServer(options.server, { databaseUrl, core: options.cores?.server });
    try {
      const points = [{ requests: 0, mib: residentMiB(server.pid) }];
      for (let step = 1; step <= steps; step += 1) {
        await load(server.url, mixed, {
          connections: options.connections,
          requests: options.requests / steps,
        });
        points.push({ requests: (options.requests / steps) * step, mib: residentMiB(server.pid) });
        options.onProgress(`${provider}: ${step} of ${steps}`);
      }
      return points;
    } finally {
      await server.stop();
    }
  } finally {
    await host.close();
  }
}
