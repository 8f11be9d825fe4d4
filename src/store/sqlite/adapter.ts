import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
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
import { createSqliteTransaction } from './transaction.ts';
import { createWriteQueue } from './write-queue.ts';

export interface SqliteAdapterOptions {
  /** The database file, created if there is none: a path, or a `file:` URI. */
  readonly path: string;
  /**
   * How long a statement waits for a lock of another process before it fails with P1008.
   *
   * @default 5000
   */
  readonly busyTimeoutMs?: number;
}

/** Prisma's driver adapter, with what the store needs besides. */
export interface SqliteAdapter extends SqlDriverAdapter {
  /** Runs a write and the writes that follow from its rows: all or none. They share commits with other work in the queue. */
  writeTogether(
    first: SqlQuery,
    following: (written: SqlResultSet) => readonly SqlQuery[],
  ): Promise<SqlResultSet>;
  /** Reads one snapshot in pieces. Other requests get their turn between. @param query - the text for traces */
  scan<T>(query: Pick<SqlQuery, 'sql'>, work: (scan: ScanConnection) => Promise<T>): Promise<T>;
  /**
   * Changes when another connection commits. Equal values mean that cached rows are current.
   *
   * @throws DriverAdapterError, also a busy error; a read reports it then
   */
  readonly dataVersion: unknown;
  readonly statistics: readonly Statistic[];
}

const adapterName = 'dtrace-gateway/sqlite';
const statementsPerCommit = 100;

/**
 * Creates Prisma's access to a SQLite file, through a driver that contains SQLite and needs no compiler.
 *
 * @example
 * ```ts
 * const prisma = new PrismaClient({ adapter: createSqliteAdapter({ path: 'gateway.db' }) });
 * ```
 */
export function createSqliteAdapter(options: SqliteAdapterOptions): SqlDriverAdapterFactory {
  return {
    provider: 'sqlite',
    adapterName,
    connect: () => openSqliteAdapter(options),
  };
}

export async function openSqliteAdapter({
  path,
  busyTimeoutMs = 5000,
}: SqliteAdapterOptions): Promise<SqliteAdapter> {
  const scanner = createScanner(() => openReader(path, { busyTimeoutMs }), busyTimeoutMs);
  return createAdapter(await openSqlite(path, { busyTimeoutMs }), scanner, busyTimeoutMs);
}

/** Reads run on the reader at once, long reads on the scanner in pieces, all other work on the writer in turn. */
function createAdapter(
  { writer, reader }: SqliteConnections,
  scanner: Scanner,
  busyTimeoutMs: number,
): SqliteAdapter {
  const queue = createWriteQueue(writer, { busyTimeoutMs, groupSize: statementsPerCommit });
  let disposal: Promise<void> | undefined;

  return {
    provider: 'sqlite',
    adapterName,
    queryRaw: (query) => run(query.sql, (connection) => connection.query(query)),
    executeRaw: (query) => run(query.sql, (connection) => connection.execute(query)),
    executeScript: (script) => executeScript(queue, writer, script, busyTimeoutMs),

    writeTogether: (first, following) =>
      queue.together(() => {
        const written = writer.query(first);
        for (const query of following(written)) writer.execute(query);
        return written;
      }),

    startTransaction: async (isolationLevel) => {
      if (isolationLevel !== undefined && isolationLevel !== 'SERIALIZABLE') {
        throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level: isolationLevel });
      }
      const release = await queue.transaction();
      return createSqliteTransaction(writer, { adapterName, busyTimeoutMs, release });
    },

    scan: async (_query, work) => {
      expectOpen();
      return scanner.scan(work);
    },

    get dataVersion() {
      return reader.dataVersion;
    },
    statistics: queue.statistics,
    getConnectionInfo: () => ({ maxBindValues: writer.maxBindValues, supportsRelationJoins: false }),

    /** Finishes the work that has begun or waits, then closes the file. */
    dispose: () => {
      disposal ??= close();
      return disposal;
    },
  };

  async function run<T>(sql: string, work: (connection: Connection) => T): Promise<T> {
    switch (statementKind(sql)) {
      case 'read':
        return read(work);
      case 'write':
        return queue.statement(() => work(writer));
      case 'alone':
        return queue.alone(() => work(writer));
      case 'control':
        throw refusedStatement('transactions begin and end with $transaction, not with SQL');
    }
  }

  /** Nearly every read runs at once. Only a read that meets a lock needs a timer. */
  async function read<T>(work: (connection: Connection) => T): Promise<T> {
    expectOpen();
    try {
      return work(reader);
    } catch (error) {
      if (!isBusy(error)) throw error;
      return retryWhileBusy(() => work(reader), busyTimeoutMs);
    }
  }

  function expectOpen(): void {
    if (disposal !== undefined) throw connectionClosed();
  }

  async function close(): Promise<void> {
    await queue.close();
    await scanner.close();
    reader.close();
    writer.tidy();
    writer.close();
  }
}
