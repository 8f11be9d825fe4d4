import { Command, InvalidArgumentError, Option } from 'commander';
import type { Provider } from '../src/store/store.ts';
import { compareServers } from './comparison.ts';
import { measureGrowth } from './growth.ts';
import { type Cores, describeMachine, findCores, pin } from './machine.ts';
import { measureMemory } from './memory.ts';
import { describeComparison, describeOutcomes } from './report.ts';
import {
  buildServers,
  findServer,
  otherGateway,
  type ServerKind,
  serverKinds,
  uncachedGateway,
} from './servers.ts';
import { measureStart } from './start.ts';
import { formatNumber, formatTable } from './table.ts';
import { type Workload, workloads } from './workloads.ts';

/** What every measurement takes. */
interface CommonOptions {
  readonly servers: readonly ServerKind[];
  readonly against?: string;
  readonly database?: Provider;
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly connections: number;
  readonly scripts: number;
  readonly json?: true;
}

const databases = ['sqlite', 'postgresql'] as const;
const gateway = findServer('gateway');
const onProgress = (text: string) => void process.stderr.write(`${text}\n`);

const program = new Command('bench').description('Measures the gateway.');

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

function command(
  name: string,
  description: string,
  { isDefault = false, servers = serverKinds }: { isDefault?: boolean; servers?: readonly ServerKind[] } = {},
): Command {
  return program
    .command(name, { isDefault })
    .description(description)
    .addOption(choice('--servers <servers>', 'which servers', [...serverKinds, uncachedGateway], servers))
    .option('--against <folder>', 'run the gateway of another checkout, which is built, as well: "other"')
    .addOption(new Option('--database <database>', 'one of the two; without it both').choices(databases))
    .option('--seconds <number>', 'how long each workload runs on each server in each round', positive, 1)
    .option('--rounds <number>', 'how many rounds', positive, 5)
    .option(
      '--warm-up <seconds>',
      'processor time of the server for each workload before the first round',
      positive,
      1,
    )
    .option('--connections <number>', 'requests under way at a time', positive, 32)
    .option('--scripts <number>', 'scripts in the library', positive, 10_000)
    .option('--json', 'answer with one JSON value');
}

/** Measures on each database, and prints what was found under the conditions in which it was. */
async function run(
  options: CommonOptions,
  measure: (
    database: Provider,
    cores: Cores | undefined,
    servers: readonly ServerKind[],
  ) => Promise<{ readonly result: unknown; readonly text: string }>,
  { isPinned = true } = {},
): Promise<void> {
  const cores = isPinned ? findCores() : undefined;
  if (cores !== undefined) pin(process.pid, cores.others);
  await buildServers();
  const servers = [
    ...options.servers,
    ...(options.against === undefined ? [] : [otherGateway(options.against)]),
  ];
  const { rounds, seconds, connections, scripts } = options;
  const conditions = [
    describeMachine(),
    cores
      ? `server on core ${cores.server}, everything else on ${cores.others}`
      : 'nothing is pinned to a core',
    `${connections} connections, ${scripts.toLocaleString('en-GB')} scripts, ${rounds} rounds of ${seconds} s`,
  ].join('; ');
  if (!options.json) process.stdout.write(`${conditions}\n`);
  const results: Record<string, unknown> = {};
  for (const database of options.database === undefined ? databases : [options.database]) {
    const { result, text } = await measure(database, cores, servers);
    results[database] = result;
    if (!options.json) process.stdout.write(`\n${database}\n\n${text}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ conditions, results })}\n`);
}

function namesOf(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(',');
}

/** An option that names some of the things there are, separated by commas. */
function choice<Named extends { readonly name: string }>(
  flags: string,
  description: string,
  all: readonly Named[],
  fallback: readonly Named[] = all,
): Option {
  return new Option(flags, `${description}, of ${namesOf(all)}`)
    .default(fallback, namesOf(fallback))
    .argParser((text: string) =>
      text.split(',').map((name) => {
        const found = all.find((each) => each.name === name);
        if (found === undefined) throw new InvalidArgumentError(`"${name}" is none of ${namesOf(all)}.`);
        return found;
      }),
    );
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

function numbers(text: string): number[] {
  return text.split(',').map(positive);
}
