/**
 * A connection beside Prisma, for work that is one long transaction: migrating, exporting, importing. Values stand in
 * a statement as `$1`, `$2` and so on, each once and in that order.
 */
export interface DirectConnection {
  /** Creates the schema that holds the tables, where there is none; on SQLite there are no schemas. */
  createSchema(): Promise<void>;
  /** The statement that creates the table in which Prisma records migrations. */
  readonly createHistory: string;
  hasHistory(): Promise<boolean>;
  /**
   * Begins a transaction: `exclusive` waits for, then keeps out, whoever else wants the same; `snapshot` sees the
   * database as it is at one moment, and is in nobody's way.
   */
  begin(mode: 'exclusive' | 'snapshot'): Promise<void>;
  commit(): Promise<void>;
  /** Undoes the transaction, if one is open. */
  rollback(): Promise<void>;
  /** Runs any number of statements. */
  run(script: string): Promise<void>;
  query(statement: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Whether an error says that the database refuses values, as doubles or as references to nothing. */
  isRefusal(error: unknown): error is Error;
  close(): Promise<void>;
}
