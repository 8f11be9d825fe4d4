import { Command, CommanderError } from 'commander';
import { readConfig } from '../config.ts';
import { createAccountOperations } from '../operations/account-operations.ts';
import { migrateDatabase, openStore } from '../store/open-store.ts';
import { describeFailure } from './describe-failure.ts';
import { addHolderCommands } from './holders.ts';
import { type Run, write } from './run.ts';
import { serve } from './serve.ts';
import { addTokenCommands } from './tokens.ts';

/** The exit codes of the command: a mistake in calling it is told apart from everything else that goes wrong. */
const exitCodes = { done: 0, failed: 1, misused: 2 } as const;

/**
 * Runs `dtrace-gateway` with the words behind its name. Never rejects: failures go to standard error, in one line
 * each, and into the exit code that is answered.
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    process.stderr.write(`${describeFailure(error)}\n`);
    return exitCodes.failed;
  }
}

function createProgram(): Command {
  const program = new Command('dtrace-gateway')
    .description('Serves a library of DTrace scripts over GraphQL, and administers who may use it.')
    .exitOverride()
    .showHelpAfterError('(add --help for help)')
    .addHelpText('after', '\nSettings come from the environment, such as DATABASE_URL: see the README.');

  program
    .command('serve')
    .description('run the server until SIGTERM or SIGINT')
    .action(() => serve(readConfig(process.env)));

  program
    .command('migrate')
    .description('bring the database up to date')
    .option('--json', 'answer with one JSON value')
    .action(async (options: { json?: boolean }) => {
      const applied = await migrateDatabase(readConfig(process.env));
      const text = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
      write(options, { applied }, text);
    });

  addHolderCommands(program, 'user', withAccounts);
  addHolderCommands(program, 'role', withAccounts);
  addTokenCommands(program, withAccounts);
  return program;
}

const withAccounts: Run = async (action) => {
  const config = readConfig(process.env);
  await migrateDatabase(config);
  const store = await openStore(config);
  try {
    await action(createAccountOperations(store, () => new Date()));
  } finally {
    await store.close();
  }
};
