import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { retryWhileBusy } from './busy.ts';
import { type Connection, openConnection } from './connection.ts';

/** The two connections to a database file that are always open. */
export interface SqliteConnections {
  /** The only connection that changes anything. */
  readonly writer: Connection;
  /** Sees committed data only, also during a transaction of the writer. */
  readonly reader: Connection;
}

export interface OpenSqliteOptions {
  /** How long to wait for a lock of another process, which may be opening the file as well. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens a database file. Creates it if there is none.
 *
 * @param path - a path, or a `file:` URI as SQLite understands it
 * @throws Error for a database in memory: each connection would have its own
 * @throws DriverAdapterError if the file cannot be opened, is no database, or stays locked
 */
export async function openSqlite(path: string, options: OpenSqliteOptions): Promise<SqliteConnections> {
  try {
    const writer = await open(path, writerSettings, options);
    try {
      return { writer, reader: await open(path, readerSettings, options) };
    } catch (error) {
      writer.close();
      throw error;
    }
  } catch (error) {
    throw naming(path, error);
  }
}

/** Opens one more connection for reads, with a smaller page cache. */
export async function openReader(path: string, options: OpenSqliteOptions): Promise<Connection> {
  return open(path, [...readerSettings, 'PRAGMA cache_size = -4000'], options);
}

/**
 * The order matters: `journal_mode` needs a lock, and is the first to read the file.
 *
 * `synchronous`: a commit is on the disk before it is acknowledged. `trusted_schema`: a foreign schema calls no functions
 * with side effects. `cache_size`: 16 MiB. Mapping the file into memory gains nothing measurable besides, and a failing
 * disk would crash the process.
 */
const writerSettings = [
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cache_size = -16000',
];

/** A connection that opens the file read-only could not recover the log after a crash. So it is only `query_only`. */
const readerSettings = [
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
  const connection = openConnection(path);
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

/** Adds the path to an error, because SQLite does not name the file. */
function naming(path: string, error: unknown): unknown {
  if (!(error instanceof DriverAdapterError) || error.cause.kind !== 'sqlite') {
    return error;
  }
  const message = `${path}: ${error.cause.message}`;
  return new DriverAdapterError({ ...error.cause, message, originalMessage: message });
}
