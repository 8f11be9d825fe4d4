import type {
  ConnectionInfo,
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { Statistic } from '../../telemetry/metrics.ts';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { connectionClosed, isBusy, refusedStatement } from './driver-errors.ts';
import { executeScript } from './execute-script.ts';
import { openReader, openSqlite, type SqliteConnections } from './open-sqlite.ts';
import { createScanner, type ScanConnection, type Scanner } from './scanner.ts';
import { statementKind } from './statement-kind.ts';
import { SqliteTransaction } from './transaction.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteAdapterOptions {
  /** The database file, created where there is none: a path, or a `file:` URI. */
  readonly path: string;
  /**
   * How long a statement waits while another process holds a lock, before it fails with P1008.
   *
   * @default 5000
   */
  readonly busyTimeoutMs?: number;
}

/**
 * Lets Prisma work on a SQLite file, through a driver that brings SQLite along instead of compiling it.
 *
 * @example
 * ```ts
 * const prisma = new PrismaClient({ adapter: createSqliteAdapter({ path: 'gateway.db' }) });
 * ```
 */
export function createSqliteAdapter(options: SqliteAdapterOptions): SqlDriverAdapterFactory {
  return {
    provider: 'sqlite',
    adapterName: ADAPTER_NAME,
    connect: () => openSqliteAdapter(options),
  };
}

const ADAPTER_NAME = 'dtrace-gateway/sqlite';
const STATEMENTS_PER_COMMIT = 100;

/** Opens the adapter itself, for whoever needs more of it than Prisma. */
export async function openSqliteAdapter({
  path,
  busyTimeoutMs = 5000,
}: SqliteAdapterOptions): Promise<SqliteAdapter> {
  const scanner = createScanner(() => openReader(path, { busyTimeoutMs }), busyTimeoutMs);
  return new SqliteAdapter(await openSqlite(path, { busyTimeoutMs }), scanner, busyTimeoutMs);
}

/** Reads go to the reader at once, long ones to the scanner piece by piece, everything else to the writer in turn. */
export class SqliteAdapter implements SqlDriverAdapter {
  readonly provider = 'sqlite';
  readonly adapterName = ADAPTER_NAME;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #scanner: Scanner;
  readonly #queue: WriteQueue;
  readonly #busyTimeoutMs: number;
  #disposal: Promise<void> | undefined;

  constructor({ writer, reader }: SqliteConnections, scanner: Scanner, busyTimeoutMs: number) {
    this.#writer = writer;
    this.#reader = reader;
    this.#scanner = scanner;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#queue = new WriteQueue(writer, { busyTimeoutMs, groupSize: STATEMENTS_PER_COMMIT });
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return this.#run(query.sql, (connection) => connection.query(query));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return this.#run(query.sql, (connection) => connection.execute(query));
  }

  /**
   * Runs a write and those that follow from its rows. They happen together or not at all, and share a commit with
   * whatever else stands in line.
   */
  async writeTogether(
    first: SqlQuery,
    following: (written: SqlResultSet) => readonly SqlQuery[],
  ): Promise<SqlResultSet> {
    return this.#queue.together(() => {
      const written = this.#writer.query(first);
      for (const query of following(written)) this.#writer.execute(query);
      return written;
    });
  }

  async executeScript(script: string): Promise<void> {
    await executeScript(this.#queue, this.#writer, script, this.#busyTimeoutMs);
  }

  async startTransaction(isolationLevel?: IsolationLevel): Promise<Transaction> {
    if (isolationLevel !== undefined && isolationLevel !== 'SERIALIZABLE') {
      throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level: isolationLevel });
    }
    const release = await this.#queue.transaction();
    const { adapterName } = this;
    return new SqliteTransaction(this.#writer, { adapterName, busyTimeoutMs: this.#busyTimeoutMs, release });
  }

  /** Reads in pieces that give way to everybody else, on one snapshot. @param query - tells traces what is read */
  async scan<T>(_query: Pick<SqlQuery, 'sql'>, work: (scan: ScanConnection) => Promise<T>): Promise<T> {
    if (this.#disposal !== undefined) {
      throw connectionClosed();
    }
    return this.#scanner.scan(work);
  }

  /**
   * A number that is another one as soon as a change is committed that reads do not show so far, whoever commits it.
   *
   * @throws DriverAdapterError, also when somebody is in the way: then reading will tell
   */
  get dataVersion(): unknown {
    return this.#reader.dataVersion;
  }

  get statistics(): readonly Statistic[] {
    return this.#queue.statistics;
  }

  getConnectionInfo(): ConnectionInfo {
    return { maxBindValues: this.#writer.maxBindValues, supportsRelationJoins: false };
  }

  /** Finishes what was begun or stands in line, then closes the file. */
  async dispose(): Promise<void> {
    this.#disposal ??= this.#close();
    await this.#disposal;
  }

  async #run<T>(sql: string, work: (connection: Connection) => T): Promise<T> {
    switch (statementKind(sql)) {
      case 'read':
        return this.#read(work);
      case 'write':
        return this.#queue.statement(() => work(this.#writer));
      case 'alone':
        return this.#queue.alone(() => work(this.#writer));
      case 'control':
        throw refusedStatement('transactions begin and end with $transaction, not with SQL');
    }
  }

  /** Nearly every read is done at once: only one that finds somebody in the way takes a timer. */
  async #read<T>(work: (connection: Connection) => T): Promise<T> {
    if (this.#disposal !== undefined) {
      throw connectionClosed();
    }
    try {
      return work(this.#reader);
    } catch (error) {
      if (!isBusy(error)) throw error;
      return retryWhileBusy(() => work(this.#reader), this.#busyTimeoutMs);
    }
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#scanner.close();
    this.#reader.close();
    this.#writer.tidy();
    this.#writer.close();
  }
}
