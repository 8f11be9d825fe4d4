import type { AccountOperations } from '../operations/account-operations.ts';

/** Runs an action on the accounts of the database that the environment names. */
export type Run = (action: (accounts: AccountOperations) => Promise<void>) => Promise<void>;

/** Answers on standard output: one JSON value for programs that asked with `--json`, else text for people. */
export function write(options: { readonly json?: boolean }, value: unknown, text: string): void {
  const answer = options.json === true ? JSON.stringify(value) : text;
  if (answer !== '') process.stdout.write(`${answer}\n`);
}

/** Rows as columns that line up, under a line of titles. */
export function formatTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
