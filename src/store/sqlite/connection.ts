import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ColumnType, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { translateErrors } from './driver-errors.ts';
import { StatementCache } from './statement-cache.ts';
import { countsChanges } from './statement-kind.ts';
import { inferredColumnType, type StoredValue, toBoundValue, toResultValue } from './values.ts';

/**
 * One connection to the database file. Everything here happens at once, on the calling thread, and throws
 * `DriverAdapterError`s; a lock held elsewhere is reported as busy, never waited for.
 */
export class Connection {
  readonly #database: DatabaseSyncInstance;
  readonly #statements: StatementCache;

  constructor(path: string) {
    this.#database = translateErrors(() => new DatabaseSync(path, { timeout: 0, defensive: true }));
    this.#statements = new StatementCache(this.#database);
  }

  /** Runs a statement for its rows. */
  query({ sql, args, argTypes }: SqlQuery): SqlResultSet {
    return translateErrors(() => {
      const { statement, columns } = this.#statements.get(sql);
      const rows: StoredValue[][] = statement.all(
        ...args.map((value, index) => toBoundValue(value, argTypes[index])),
      );
      const { names, types } = columns();
      const columnTypes = types.map((type, index) => type ?? inferredColumnType(rows, index));
      // In place: copying every row costs as much as reading it.
      for (const row of rows as unknown[][]) {
        for (let index = 0; index < row.length; index += 1) {
          row[index] = toResultValue(row[index] as StoredValue, columnTypes[index] as ColumnType);
        }
      }
      return { columnNames: names, columnTypes, rows };
    });
  }

  /** Runs a statement for the number of rows it changed. */
  execute({ sql, args, argTypes }: SqlQuery): number {
    return translateErrors(() => {
      const { statement } = this.#statements.get(sql);
      const { changes } = statement.run(...args.map((value, index) => toBoundValue(value, argTypes[index])));
      return countsChanges(sql) ? Number(changes) : 0;
    });
  }

  /** Runs a statement that neither takes values nor returns any. */
  run(sql: string): void {
    translateErrors(() => this.#statements.get(sql).statement.run());
  }

  /** Runs any number of statements, up to the first that fails. */
  runScript(script: string): void {
    translateErrors(() => this.#database.exec(script));
  }

  /** Does work in a transaction of its own. @throws with nothing of it done */
  transact<T>(work: () => T): T {
    this.begin();
    try {
      const value = work();
      this.commit();
      return value;
    } finally {
      this.rollback();
    }
  }

  /** Takes the write lock at once: a transaction that asks for it later, having read, could not wait for it. */
  begin(): void {
    this.run('BEGIN IMMEDIATE');
  }

  /** @throws a busy error with the transaction still open, so that committing can be tried again */
  commit(): void {
    this.run('COMMIT');
  }

  /** Undoes the open transaction; does nothing where SQLite has already undone it. */
  rollback(): void {
    if (this.inTransaction) {
      this.run('ROLLBACK');
    }
  }

  get inTransaction(): boolean {
    return translateErrors(() => this.#database.isTransaction);
  }

  /** A number that stays the same as long as no other connection, of whichever process, changes the database. */
  get dataVersion(): unknown {
    return translateErrors(() => this.#statements.get('PRAGMA data_version').statement.all()[0]?.[0]);
  }

  /** Whether there is a file behind it, rather than memory or a nameless temporary one. */
  get hasFile(): boolean {
    return translateErrors(() => this.#database.location() !== null);
  }

  /** How many values one statement takes. */
  get maxBindValues(): number {
    return translateErrors(() => this.#database.limits.variableNumber);
  }

  /** Renews the query planner's statistics and empties the log into the file, unless somebody is in the way. */
  tidy(): void {
    for (const pragma of ['PRAGMA optimize', 'PRAGMA wal_checkpoint(TRUNCATE)']) {
      try {
        this.run(pragma);
      } catch {
        // A favour to whoever opens the file next: nothing depends on it.
      }
    }
  }

  /** Closes it. The driver cannot finalize statements: the file stays open until those have been collected. */
  close(): void {
    this.#statements.clear();
    translateErrors(() => this.#database.close());
  }
}
