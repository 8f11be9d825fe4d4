import { Command, CommanderError } from 'commander';
import { readConfig } from '../config.ts';
import { BadUserInputError } from '../errors.ts';
import type { AccountOperations } from '../operations/account-operations.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import { PermissionSyntaxError } from '../permissions/permission.ts';
import type { Store } from '../store/store.ts';
import { readGatewayVersion } from '../telemetry/gateway-version.ts';
import { addAuditCommands } from './audit.ts';
import { describeFailure } from './describe-failure.ts';
import { addHolderCommands } from './holders.ts';
import { openDatabase, updateDatabase } from './open-database.ts';
import { type Run, write } from './run.ts';
import { addTokenCommands } from './tokens.ts';
import { addTransferCommands } from './transfer.ts';

/** The exit codes: `misused` for a wrong command, `failed` for all other errors. */
const exitCodes = { done: 0, failed: 1, misused: 2 } as const;

/**
 * Runs `dtrace-gateway` with these arguments. It never rejects: a failure is a line on standard error. All output is
 * written when it resolves, so the process may exit.
 *
 * @returns the exit code
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  surviveClosedOutput();
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    process.stderr.write(`${describeFailure(error)}\n`);
    const isMisuse = error instanceof BadUserInputError || error instanceof PermissionSyntaxError;
    return isMisuse ? exitCodes.misused : exitCodes.failed;
  } finally {
    await Promise.all([process.stdout, process.stderr].map(flush));
  }
}

/** The longest wait for a reader that has stopped reading. */
const flushTimeoutMs = 2_000;

function flush(output: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    output.write('', () => resolve());
    if (output === process.stderr) setTimeout(resolve, flushTimeoutMs).unref();
  });
}

/** Without a listener, the process would end when the reader of its output closes it. */
function surviveClosedOutput(): void {
  for (const output of [process.stdout, process.stderr]) {
    if (output.listenerCount('error') === 0) output.on('error', () => {});
  }
}

function createProgram(): Command {
  const program = new Command('dtrace-gateway')
    .description('Serves a library of DTrace scripts over GraphQL, and administers its users.')
    .version(readGatewayVersion(), '-V, --version', 'display the version')
    .exitOverride()
    .showHelpAfterError('(add --help for help)')
    .addHelpText(
      'after',
      '\nSettings come from the environment, such as DATABASE_URL: see docs/configuration.md.' +
        '\nPut -- before a name that begins with a hyphen: dtrace-gateway users add -- -name',
    );

  program
    .command('serve')
    .description('run the server until SIGTERM or SIGINT')
    .option('--no-migrate', 'do not update the database; refuse one that is not up to date')
    .action(async (options: { migrate: boolean }) => {
      const config = readConfig(process.env);
      const { serve } = await import('./serve.ts');
      await serve(config, options);
    });

  program
    .command('migrate')
    .description('bring the database up to date')
    .option('--json', 'answer with one JSON value')
    .action(async (options: { json?: boolean }) => {
      const applied = await updateDatabase(readConfig(process.env));
      const text = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
      await write(options, { applied }, text);
    });

  addHolderCommands(program, 'user', withAccounts);
  addHolderCommands(program, 'role', withAccounts);
  addTokenCommands(program, withAccounts);
  addAuditCommands(program, withTrail);
  addTransferCommands(program);
  return program;
}

/** The database and the server are loaded only when they are needed, so that help appears at once. */
const withAccounts: Run<AccountOperations> = async (action) => {
  const { createAccountOperations } = await import('../operations/account-operations.ts');
  await withStore((store) => action(createAccountOperations(store, () => new Date())));
};

const withTrail: Run<AuditTrail> = async (action) => {
  const { createAuditTrail } = await import('../operations/audit-trail.ts');
  await withStore((store) => action(createAuditTrail(store, () => new Date())));
};

const withStore: Run<Store> = async (action) => {
  const store = await openDatabase(readConfig(process.env));
  try {
    await action(store);
  } finally {
    await store.close();
  }
};
