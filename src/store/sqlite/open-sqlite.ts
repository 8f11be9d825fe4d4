import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { retryWhileBusy } from './busy.ts';
import { Connection } from './connection.ts';

/** The two connections to one database file that are always open. */
export interface SqliteConnections {
  /** The only one that changes anything. */
  readonly writer: Connection;
  /** Sees what is committed, whatever the writer is in the middle of. */
  readonly reader: Connection;
}

export interface OpenSqliteOptions {
  /** How long to insist while other processes, perhaps opening it too, hold a lock. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens a database file, creating it where there is none.
 *
 * @param path - a path, or a `file:` URI as SQLite understands it
 * @throws Error for a database in memory, of which two connections would see two
 * @throws DriverAdapterError when the file cannot be opened, is no database, or stays locked
 */
export async function openSqlite(path: string, options: OpenSqliteOptions): Promise<SqliteConnections> {
  try {
    const writer = await open(path, WRITER_SETTINGS, options);
    try {
      return { writer, reader: await open(path, READER_SETTINGS, options) };
    } catch (error) {
      writer.close();
      throw error;
    }
  } catch (error) {
    throw naming(path, error);
  }
}

/** Opens one more connection that reads, which keeps less of the file in memory. */
export async function openReader(path: string, options: OpenSqliteOptions): Promise<Connection> {
  return open(path, [...READER_SETTINGS, 'PRAGMA cache_size = -4000'], options);
}

/**
 * In this order; `journal_mode` needs a lock, and reads the file for the first time.
 *
 * A commit is on the disk before it is acknowledged (`synchronous`). A schema that somebody else wrote calls no
 * function with side effects (`trusted_schema`). The page cache has 16 MiB; mapping the file into memory gains
 * nothing measurable beside it, and turns a failing disk into a crash.
 */
const WRITER_SETTINGS = [
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cache_size = -16000',
];

/** `query_only` rather than a file opened read-only: such a connection could not recover the log after a crash. */
const READER_SETTINGS = [
  'PRAGMA query_only = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cache_size = -16000',
  'SELECT count(*) FROM sqlite_schema',
];

async function open(
  path: string,
  settings: readonly string[],
  { busyTimeoutMs }: OpenSqliteOptions,
): Promise<Connection> {
  const connection = new Connection(path);
  try {
    if (!connection.hasFile) {
      throw new Error(
        `SQLite needs a database file, got "${path}": two connections would open two databases`,
      );
    }
    for (const setting of settings) {
      await retryWhileBusy(() => connection.run(setting), busyTimeoutMs);
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite says what is wrong, but not with which file. */
function naming(path: string, error: unknown): unknown {
  if (!(error instanceof DriverAdapterError) || error.cause.kind !== 'sqlite') {
    return error;
  }
  const message = `${path}: ${error.cause.message}`;
  return new DriverAdapterError({ ...error.cause, message, originalMessage: message });
}
