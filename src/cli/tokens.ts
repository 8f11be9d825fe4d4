import type { Command } from 'commander';
import type { AccountOperations } from '../operations/account-operations.ts';
import { formatTable, type Run, write } from './run.ts';
import { parseDuration } from './times.ts';

interface CreateOptions {
  readonly label?: string;
  readonly expires?: number;
  readonly json?: boolean;
}

/** `tokens …`: creates, lists and revokes bearer tokens. */
export function addTokenCommands(program: Command, run: Run<AccountOperations>): void {
  const tokens = program.command('tokens').description('administer bearer tokens');

  tokens
    .command('create <user>')
    .description('create a token for a user, and print it; it is shown only now')
    .option('--label <label>', 'a label')
    .option(
      '--expires <time>',
      'how long it works, such as 90m, 12h, 30d or 2w; by default until it is revoked',
      parseDuration,
    )
    .option('--json', 'answer with one JSON value')
    .action((user: string, { label, expires, ...options }: CreateOptions) =>
      run(async (accounts) => {
        const expiresAt = expires === undefined ? null : new Date(Date.now() + expires);
        const { id, token } = await accounts.createToken(user, label ?? null, expiresAt);
        // Only the token goes to standard output, for TOKEN=$(dtrace-gateway tokens create …).
        await write(options, { id, token, user, label: label ?? null, expiresAt }, token);
        if (options.json !== true) {
          const until =
            expiresAt === null ? 'It works until it is revoked' : `It works until ${expiresAt.toISOString()}`;
          process.stderr.write(`Created the token ${id} of ${user}. ${until}; it is not shown again.\n`);
        }
      }),
    );

  tokens
    .command('list [user]')
    .description('list tokens, of all users or of one')
    .option('--json', 'answer with one JSON value')
    .action((user: string | undefined, options: { readonly json?: boolean }) =>
      run(async (accounts) => {
        const found = await accounts.listTokens(user);
        const rows = found.map(({ id, user, label, createdAt, expiresAt, revokedAt }) => [
          id,
          user,
          label ?? '',
          createdAt.toISOString(),
          expiresAt?.toISOString() ?? 'never',
          stateOf(expiresAt, revokedAt),
        ]);
        await write(
          options,
          found,
          formatTable(['ID', 'USER', 'LABEL', 'CREATED', 'EXPIRES', 'STATE'], rows),
        );
      }),
    );

  tokens
    .command('revoke <id>')
    .description('revoke a token; it stops working at the next request')
    .option('--json', 'answer with one JSON value')
    .action((id: string, options: { readonly json?: boolean }) =>
      run(async (accounts) => {
        await accounts.revokeToken(id);
        await write(options, { id }, `Revoked the token ${id}.`);
      }),
    );
}

function stateOf(expiresAt: Date | null, revokedAt: Date | null): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString()}`;
  return expiresAt !== null && expiresAt <= new Date() ? 'expired' : 'works';
}
