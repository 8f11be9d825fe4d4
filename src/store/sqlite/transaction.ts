import type { Transaction } from '@prisma/driver-adapter-utils';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { refusedStatement, transactionClosed } from './driver-errors.ts';
import { statementKind } from './statement-kind.ts';

export interface SqliteTransactionOptions {
  readonly adapterName: string;
  /** How long a commit waits for a reader in another process. */
  readonly busyTimeoutMs: number;
  /** Gives the writer back; called once. */
  readonly release: () => void;
}

/** Wraps a transaction that has begun on the writer. The writer belongs to it until it ends. */
export function createSqliteTransaction(
  writer: Connection,
  { adapterName, busyTimeoutMs, release }: SqliteTransactionOptions,
): Transaction {
  let isEnded = false;

  return {
    provider: 'sqlite',
    adapterName,
    // A commit is more than the statement COMMIT, so Prisma calls `commit` and `rollback`.
    options: { usePhantomQuery: true },

    queryRaw: async (query) => {
      expectStatement(query.sql);
      return writer.query(query);
    },
    executeRaw: async (query) => {
      expectStatement(query.sql);
      return writer.execute(query);
    },

    /** @throws DriverAdapterError; nothing of the transaction has happened then */
    commit: async () => {
      expectNotEnded();
      isEnded = true;
      try {
        expectIntact();
        await retryWhileBusy(() => writer.commit(), busyTimeoutMs);
      } finally {
        end();
      }
    },

    /** Does nothing if the transaction has ended. */
    rollback: async () => {
      if (isEnded) return;
      isEnded = true;
      end();
    },

    createSavepoint: async (name) => {
      expectOpen();
      writer.run(`SAVEPOINT ${quoted(name)}`);
    },
    rollbackToSavepoint: async (name) => {
      expectOpen();
      writer.run(`ROLLBACK TO ${quoted(name)}`);
    },
    releaseSavepoint: async (name) => {
      expectOpen();
      writer.run(`RELEASE ${quoted(name)}`);
    },
  };

  function end(): void {
    try {
      writer.rollback();
    } finally {
      release();
    }
  }

  function expectOpen(): void {
    expectNotEnded();
    expectIntact();
  }

  function expectNotEnded(): void {
    if (isEnded) throw transactionClosed('The transaction has ended.');
  }

  /** Without an open transaction, SQLite would commit each statement. */
  function expectIntact(): void {
    if (!writer.inTransaction) {
      throw transactionClosed('An error ended the transaction, and SQLite rolled it back.');
    }
  }

  function expectStatement(sql: string): void {
    expectOpen();
    if (statementKind(sql) === 'control') {
      throw refusedStatement('nested transactions begin and end with $transaction, not with SQL');
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
