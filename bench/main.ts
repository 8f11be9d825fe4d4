import { Command, InvalidArgumentError, Option } from 'commander';
import type { Provider } from '../src/store/store.ts';
import { describeMachine, findCores, pin } from './machine.ts';
import { type Comparison, type RoundsOptions, runRounds } from './rounds.ts';
import { buildServers, otherGateway, type ServerKind, serverKinds } from './servers.ts';
import { formatNumber, formatTable } from './table.ts';
import { type Workload, workloads } from './workloads.ts';

interface CompareOptions {
  readonly only?: readonly Workload[];
  readonly servers?: readonly ServerKind[];
  readonly against?: string;
  readonly database?: Provider;
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly connections: number;
  readonly scripts: number;
  readonly json?: boolean;
}

const databases = ['sqlite', 'postgresql'] as const;

const program = new Command('bench')
  .description('Measures the gateway beside others that do the same.')
  .option(
    '--only <workloads>',
    `some workloads: ${workloads.map(({ name }) => name).join(',')}`,
    listOf(workloads),
  )
  .option(
    '--servers <servers>',
    `some servers: ${serverKinds.map(({ name }) => name).join(',')}`,
    listOf(serverKinds),
  )
  .option('--against <folder>', 'run the gateway of another checkout, which is built, beside this one')
  .addOption(new Option('--database <database>', 'one of the two').choices(databases))
  .option('--seconds <number>', 'how long each workload runs on each server in each round', positive, 1)
  .option('--rounds <number>', 'how many rounds', positive, 5)
  .option(
    '--warm-up <seconds>',
    'how long each workload runs on each server before the first round',
    positive,
    1,
  )
  .option('--connections <number>', 'requests under way at a time', positive, 32)
  .option('--scripts <number>', 'scripts in the library', positive, 10_000)
  .option('--json', 'answer with one JSON value')
  .action(compare);

await program.parseAsync();

async function compare(options: CompareOptions): Promise<void> {
  const cores = findCores();
  if (cores !== undefined) pin(process.pid, cores.others);
  await buildServers();
  const rounds: RoundsOptions = {
    ...options,
    warmUpSeconds: options.warmUp,
    workloads: options.only ?? workloads,
    servers: [
      ...(options.servers ?? serverKinds),
      ...(options.against === undefined ? [] : [otherGateway(options.against)]),
    ],
    cores,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  };
  const comparisons: Comparison[] = [];
  for (const database of options.database === undefined ? databases : [options.database]) {
    comparisons.push(await runRounds(database, rounds));
  }

  const conditions = [
    describeMachine(),
    cores === undefined
      ? 'nothing pinned (no taskset)'
      : `server on core ${cores.server}, everything else on ${cores.others}`,
    `${options.connections} connections, ${options.scripts} scripts, ${options.rounds} rounds of ${options.seconds} s`,
  ].join('; ');
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ conditions, comparisons })}\n`);
    return;
  }
  process.stdout.write(`${conditions}\n${comparisons.map(report).join('')}`);
}

function report({ provider, outcomes, memoryMiB }: Comparison): string {
  const rows = outcomes.map(({ workload, server, perSecond, ofCeiling, p50Ms, p99Ms, cpuUs, clientBusy }) => [
    workload,
    server,
    formatNumber(perSecond) + (clientBusy > 0.9 ? ' *' : ''),
    formatNumber(ofCeiling),
    formatNumber(p50Ms),
    formatNumber(p99Ms),
    formatNumber(cpuUs),
  ]);
  const titles = ['workload', 'server', 'requests/s', 'of ceiling', 'p50 ms', 'p99 ms', 'CPU µs'];
  const memory = Object.entries(memoryMiB).map(([server, mib]) => [server, formatNumber(mib)]);
  const note = outcomes.some(({ clientBusy }) => clientBusy > 0.9)
    ? '\n* the client had no time left: the server could have done more\n'
    : '';
  return `\n${provider}\n\n${formatTable(titles, rows)}\n${note}\n${formatTable(['memory after the run', 'MiB'], memory)}\n`;
}

function listOf<Named extends { readonly name: string }>(all: readonly Named[]): (text: string) => Named[] {
  return (text) =>
    text.split(',').map((name) => {
      const found = all.find((each) => each.name === name);
      if (found === undefined) {
        throw new InvalidArgumentError(`"${name}" is none of ${all.map((each) => each.name).join(', ')}.`);
      }
      return found;
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}
