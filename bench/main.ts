import { compareServers } from './comparison.ts';
import { measureGrowth } from './growth.ts';
import { measureMemory } from './memory.ts';
import { describeComparison, describeOutcomes } from './report.ts';
import {
  type CommonOptions,
  choice,
  command,
  numbers,
  onProgress,
  positive,
  program,
  run,
} from './run-command.ts';
import { findServer } from './server-kinds.ts';
import { measureStart } from './start.ts';
import { formatNumber, formatTable } from './table.ts';
import { compareWays, plainWay } from './ways.ts';
import { type Workload, workloads } from './workloads.ts';
import type { WorstKind } from './worst/kind.ts';
import { worstKinds } from './worst/kinds.ts';
import { measureWorst } from './worst/measure.ts';
import { describeWorst } from './worst/report.ts';

const gateway = findServer('gateway');

command('compare', 'the workloads, beside a ceiling, the Apollo stack and stock Yoga', { isDefault: true })
  .addOption(choice('--only <workloads>', 'which workloads', workloads))
  .action(async (options: CommonOptions & { readonly only: readonly Workload[] }) => {
    await run(options, async (database, cores, servers) => {
      const comparison = await compareServers(database, {
        ...options,
        workloads: options.only,
        servers,
        cores,
        onProgress,
      });
      return { result: comparison, text: describeComparison(comparison) };
    });
  });

command('growth', 'a list of 50 as the library grows, with a wildcard and with many single-script grants', {
  servers: [gateway],
})
  .option('--sizes <numbers>', 'scripts in each library', numbers, [10_000, 100_000, 1_000_000])
  .option('--grants <number>', 'single-script grants', positive, 5_000)
  .action(async (options: CommonOptions & { readonly sizes: readonly number[]; readonly grants: number }) => {
    await run(options, async (database, cores, servers) => {
      const outcomes = await measureGrowth(database, {
        ...options,
        scripts: options.sizes,
        servers,
        cores,
        onProgress,
      });
      return { result: outcomes, text: describeOutcomes(outcomes) };
    });
  });

command('workers', 'one process and two behind one port; nothing is pinned', {
  servers: [1, 2].map((count) => ({
    ...gateway,
    name: `WORKERS=${count}`,
    environment: { WORKERS: String(count) },
  })),
})
  .addOption(choice('--only <workloads>', 'which workloads', workloads))
  .action(async (options: CommonOptions & { readonly only: readonly Workload[] }) => {
    await run(
      options,
      async (database, cores, servers) => {
        const comparison = await compareServers(database, {
          ...options,
          workloads: options.only,
          servers,
          cores,
          onProgress,
        });
        return { result: comparison, text: describeOutcomes(comparison.outcomes) };
      },
      { isPinned: false },
    );
  });

command('ways', 'one script, asked for in the ways in which clients ask', { servers: [gateway] }).action(
  async (options: CommonOptions) => {
    await run(options, async (database, cores, servers) => {
      const outcomes = await compareWays(database, { ...options, servers, cores, onProgress });
      return { result: outcomes, text: describeOutcomes(outcomes, plainWay) };
    });
  },
);

command('worst', 'how long the most costly requests within the limits keep another client waiting', {
  servers: [gateway],
})
  .addOption(choice('--only <kinds>', 'which kinds', worstKinds))
  .option('--limit <seconds>', 'when a kind that has not ended is given up', positive, 60)
  .action(
    async (options: CommonOptions & { readonly only: readonly WorstKind[]; readonly limit: number }) => {
      await run(options, async (database, cores, servers) => {
        const results: Record<string, unknown> = {};
        let text = '';
        for (const server of servers) {
          const { only: kinds, limit: limitSeconds, scripts } = options;
          const outcomes = await measureWorst(database, {
            kinds,
            server,
            scripts,
            limitSeconds,
            cores,
            onProgress,
          });
          results[server.name] = outcomes;
          text += `${server.title}\n\n${describeWorst(outcomes)}\n`;
        }
        return { result: results, text };
      });
    },
  );

command('memory', 'what the gateway has resident over many requests of all kinds', { servers: [gateway] })
  .option('--requests <number>', 'how many', positive, 1_000_000)
  .action(async (options: CommonOptions & { readonly requests: number }) => {
    await run(options, async (database, cores, servers) => {
      const results: Record<string, unknown> = {};
      let text = '';
      for (const server of servers) {
        const points = await measureMemory(database, { ...options, server, cores, onProgress });
        const rows = points.map(({ requests, mib }) => [requests.toLocaleString('en-GB'), formatNumber(mib)]);
        results[server.name] = points;
        text += `${formatTable([`requests to ${server.name}`, 'MiB'], rows)}\n`;
      }
      return { result: results, text };
    });
  });

command('start', 'from starting the process until its first answer to a query').action(
  async (options: CommonOptions) => {
    await run(options, async (database, cores, servers) => {
      const timesMs = await measureStart(database, { ...options, servers, cores });
      const rows = Object.entries(timesMs).map(([server, ms]) => [server, formatNumber(ms)]);
      return { result: timesMs, text: formatTable(['server', 'ms'], rows) };
    });
  },
);

await program.parseAsync();
