/**
 * A connection without Prisma, for work that is one long transaction: migration, export, import. Statements have the
 * parameters `$1`, `$2` and so on, each once and in that order.
 */
export interface DirectConnection {
  /** Creates the schema of the tables if there is none. SQLite has no schemas. */
  createSchema(): Promise<void>;
  /** The statement that creates Prisma's table of migrations. */
  readonly createHistory: string;
  hasHistory(): Promise<boolean>;
  /**
   * Begins a transaction. `exclusive`: waits for other exclusive transactions, then excludes them. `snapshot`: sees the
   * database at one moment, and blocks nothing.
   */
  begin(mode: 'exclusive' | 'snapshot'): Promise<void>;
  commit(): Promise<void>;
  /** Rolls back the transaction, if one is open. */
  rollback(): Promise<void>;
  /** Runs any number of statements. */
  run(script: string): Promise<void>;
  query(statement: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Whether the database refuses values, such as duplicates or references to missing rows. */
  isRefusal(error: unknown): error is Error;
  close(): Promise<void>;
}
