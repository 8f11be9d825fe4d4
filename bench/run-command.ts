import { Command, InvalidArgumentError, Option } from 'commander';
import type { Provider } from '../src/store/store.ts';
import { buildPrograms } from './build-programs.ts';
import { type Cores, describeMachine, findCores, pin } from './machine.ts';
import { otherGateway, type ServerKind, serverKinds, uncachedGateway } from './server-kinds.ts';

/** The options of every measurement. */
export interface CommonOptions {
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

export const onProgress = (text: string) => void process.stderr.write(`${text}\n`);

export const program = new Command('bench').description('Measures the gateway.');

export function command(
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

/** Measures on each database, and prints the results with their conditions. */
export async function run(
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
  await buildPrograms();
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

/** An option with names from a list, separated by commas. */
export function choice<Named extends { readonly name: string }>(
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

export function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

export function numbers(text: string): number[] {
  return text.split(',').map(positive);
}
