import { DatabaseSync } from '@photostructure/sqlite';
import type { ColumnType, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { translateErrors } from './driver-errors.ts';
import { createStatementCache } from './statement-cache.ts';
import { countsChanges } from './statement-kind.ts';
import { inferredColumnType, type StoredValue, toBoundValue, toResultValue } from './values.ts';

/**
 * One connection to the database file. Every method is synchronous and throws `DriverAdapterError`s. It never waits for a
 * lock of another connection: it throws a busy error.
 */
export interface Connection {
  /** Runs a statement for its rows. */
  query(query: SqlQuery): SqlResultSet;
  /** Runs a statement for the number of changed rows. */
  execute(query: SqlQuery): number;
  /** Runs a statement without values and without rows. */
  run(sql: string): void;
  /** Runs statements, up to the first that fails. */
  runScript(script: string): void;
  /** Runs work in a transaction of its own. @throws with nothing of it done */
  transact<T>(work: () => T): T;
  /** Takes the write lock at once: a transaction that has read first could not wait for it. */
  begin(): void;
  /** @throws a busy error with the transaction still open; the commit can be tried again */
  commit(): void;
  /** Rolls back the open transaction. Does nothing if SQLite has rolled it back already. */
  rollback(): void;
  readonly inTransaction: boolean;
  /** Changes when another connection commits, in whichever process. */
  readonly dataVersion: unknown;
  /** False for a database in memory, or in a temporary file without name. */
  readonly hasFile: boolean;
  /** The most values of one statement. */
  readonly maxBindValues: number;
  /** Updates the statistics of the query planner, and moves the log into the file. Skips both if the file is locked. */
  tidy(): void;
  /** Closes it. The driver cannot finalize statements, so the file stays open until they are garbage collected. */
  close(): void;
}

export function openConnection(path: string): Connection {
  const database = translateErrors(() => new DatabaseSync(path, { timeout: 0, defensive: true }));
  const statements = createStatementCache(database);
  const run = (sql: string): void => void translateErrors(() => statements.get(sql).statement.run());
  const inTransaction = () => translateErrors(() => database.isTransaction);
  const begin = () => run('BEGIN IMMEDIATE');
  const commit = () => run('COMMIT');
  const rollback = () => {
    if (inTransaction()) run('ROLLBACK');
  };

  return {
    query: ({ sql, args, argTypes }) =>
      translateErrors(() => {
        const { statement, columns } = statements.get(sql);
        const rows: StoredValue[][] = statement.all(
          ...args.map((value, index) => toBoundValue(value, argTypes[index])),
        );
        const { names, types } = columns();
        const columnTypes = types.map((type, index) => type ?? inferredColumnType(rows, index));
        // In place: a copy of each row costs as much as reading it.
        for (const row of rows as unknown[][]) {
          for (let index = 0; index < row.length; index += 1) {
            row[index] = toResultValue(row[index] as StoredValue, columnTypes[index] as ColumnType);
          }
        }
        return { columnNames: names, columnTypes, rows };
      }),

    execute: ({ sql, args, argTypes }) =>
      translateErrors(() => {
        const { statement } = statements.get(sql);
        const { changes } = statement.run(
          ...args.map((value, index) => toBoundValue(value, argTypes[index])),
        );
        return countsChanges(sql) ? Number(changes) : 0;
      }),

    run,
    runScript: (script) => translateErrors(() => database.exec(script)),

    transact: (work) => {
      begin();
      try {
        const value = work();
        commit();
        return value;
      } finally {
        rollback();
      }
    },
    begin,
    commit,
    rollback,

    get inTransaction() {
      return inTransaction();
    },
    get dataVersion() {
      return translateErrors(() => statements.get('PRAGMA data_version').statement.all()[0]?.[0]);
    },
    get hasFile() {
      return translateErrors(() => database.location() !== null);
    },
    get maxBindValues() {
      return translateErrors(() => database.limits.variableNumber);
    },

    tidy: () => {
      for (const pragma of ['PRAGMA optimize', 'PRAGMA wal_checkpoint(TRUNCATE)']) {
        try {
          run(pragma);
        } catch {
          // It only saves time at the next start.
        }
      }
    },

    close: () => {
      statements.clear();
      translateErrors(() => database.close());
    },
  };
}
