import type { SqlQuery, SqlResultSet, Transaction } from '@prisma/driver-adapter-utils';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { refusedStatement, transactionClosed } from './driver-errors.ts';
import { statementKind } from './statement-kind.ts';

export interface SqliteTransactionOptions {
  readonly adapterName: string;
  /** How long a commit insists while a reader in another process is in its way. */
  readonly busyTimeoutMs: number;
  /** Gives the writer back; called once. */
  readonly release: () => void;
}

/** A transaction that has begun on the writer, which belongs to it until it ends. */
export class SqliteTransaction implements Transaction {
  readonly provider = 'sqlite';
  readonly adapterName: string;
  /** Committing is more than the statement COMMIT, so Prisma leaves both to `commit` and `rollback`. */
  readonly options = { usePhantomQuery: true };
  readonly #writer: Connection;
  readonly #busyTimeoutMs: number;
  readonly #release: () => void;
  #isEnded = false;

  constructor(writer: Connection, { adapterName, busyTimeoutMs, release }: SqliteTransactionOptions) {
    this.#writer = writer;
    this.adapterName = adapterName;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#release = release;
  }

  async queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    this.#expectStatement(query.sql);
    return this.#writer.query(query);
  }

  async executeRaw(query: SqlQuery): Promise<number> {
    this.#expectStatement(query.sql);
    return this.#writer.execute(query);
  }

  /** @throws DriverAdapterError after which nothing of the transaction has happened */
  async commit(): Promise<void> {
    this.#expectNotEnded();
    this.#isEnded = true;
    try {
      this.#expectIntact();
      await retryWhileBusy(() => this.#writer.commit(), this.#busyTimeoutMs);
    } finally {
      this.#end();
    }
  }

  /** Does nothing where the transaction has ended before. */
  async rollback(): Promise<void> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.#end();
    }
  }

  async createSavepoint(name: string): Promise<void> {
    this.#expectOpen();
    this.#writer.run(`SAVEPOINT ${quoted(name)}`);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    this.#expectOpen();
    this.#writer.run(`ROLLBACK TO ${quoted(name)}`);
  }

  async releaseSavepoint(name: string): Promise<void> {
    this.#expectOpen();
    this.#writer.run(`RELEASE ${quoted(name)}`);
  }

  #end(): void {
    try {
      this.#writer.rollback();
    } finally {
      this.#release();
    }
  }

  #expectOpen(): void {
    this.#expectNotEnded();
    this.#expectIntact();
  }

  #expectNotEnded(): void {
    if (this.#isEnded) {
      throw transactionClosed('The transaction has ended.');
    }
  }

  /** Without a transaction, a statement on the writer would be committed by itself. */
  #expectIntact(): void {
    if (!this.#writer.inTransaction) {
      throw transactionClosed('An error ended the transaction, and SQLite rolled it back.');
    }
  }

  #expectStatement(sql: string): void {
    this.#expectOpen();
    if (statementKind(sql) === 'control') {
      throw refusedStatement('nested transactions begin and end with $transaction, not with SQL');
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
