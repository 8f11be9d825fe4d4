import { openPostgresStatements } from './statements-postgresql.ts';
import { openSqliteStatements } from './statements-sqlite.ts';

/** Prepared statements of the gateway's driver. */
export interface Statements {
  /** Runs a named statement. @returns the first row, by position */
  first(name: StatementName, values: readonly unknown[]): Row | undefined | Promise<Row | undefined>;
  /** Runs a statement with the placeholders `$1` and so on. @returns all rows, by name */
  all(sql: string, values: readonly unknown[]): readonly NamedRow[] | Promise<readonly NamedRow[]>;
  /**
   * Writes in one commit, all or none.
   *
   * @param writes - of different scripts
   * @returns for each write whether the script and its metadata allow it
   */
  setMetadata(writes: readonly MetadataWrite[]): readonly boolean[] | Promise<readonly boolean[]>;
}

export type Row = readonly unknown[];
export type NamedRow = Readonly<Record<string, unknown>>;

export interface MetadataWrite {
  readonly uuid: string;
  /** A path of two keys. */
  readonly path: readonly string[];
  /** The value as JSON. */
  readonly value: string;
}

export type StatementName =
  | 'owner'
  | 'permissions'
  | 'script'
  | 'restScript'
  | 'list'
  | 'listGranted'
  | 'listUuids'
  | 'batch';

/** Opens the database that DATABASE_URL names. */
export function openStatements(): Statements {
  const url = process.env.DATABASE_URL ?? '';
  return isSqlite() ? openSqliteStatements(url) : openPostgresStatements(url);
}

export function isSqlite(): boolean {
  return process.env.DATABASE_URL?.startsWith('file:') === true;
}

/** @returns the JSON built by a statement @throws Error if it finds nothing */
export async function textOf(
  statements: Statements,
  name: StatementName,
  values: readonly unknown[],
): Promise<string> {
  const row = await statements.first(name, values);
  if (row === undefined) throw new Error(`The statement ${name} found nothing.`);
  return String(row[0]);
}
