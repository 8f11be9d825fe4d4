import { type Command, InvalidArgumentError } from 'commander';
import { formatTable, type Run, write } from './run.ts';

interface CreateOptions {
  readonly label?: string;
  readonly expires?: number;
  readonly json?: boolean;
}

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `tokens …`: creating, listing and revoking bearer tokens. */
export function addTokenCommands(program: Command, run: Run): void {
  const tokens = program.command('tokens').description('administer bearer tokens');

  tokens
    .command('create <user>')
    .description('create a token for a user, and print it: it is shown only now')
    .option('--label <label>', 'what to call it')
    .option(
      '--expires <time>',
      'how long it works, such as 90m, 12h, 30d or 2w; without it for good',
      parseDuration,
    )
    .option('--json', 'answer with one JSON value')
    .action((user: string, { label, expires, ...options }: CreateOptions) =>
      run(async (accounts) => {
        const expiresAt = expires === undefined ? null : new Date(Date.now() + expires);
        const { id, token } = await accounts.createToken(user, label ?? null, expiresAt);
        // The token alone on standard output, so that a shell can keep it: TOKEN=$(dtrace-gateway tokens create …).
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
    .description('make a token stop working, from the next request on')
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

function parseDuration(text: string): number {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  const unit = match?.[2] as keyof typeof unitsMs | undefined;
  const count = Number(match?.[1]);
  if (unit === undefined || count === 0) {
    throw new InvalidArgumentError('It must be a number and a unit, such as 90m, 12h, 30d or 2w.');
  }
  const durationMs = count * unitsMs[unit];
  if (durationMs > 100 * 366 * unitsMs.d) throw new InvalidArgumentError('It must be at most 100 years.');
  return durationMs;
}
