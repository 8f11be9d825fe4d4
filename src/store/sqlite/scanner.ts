import { ServiceUnavailableError } from '../../errors.ts';
import { inTurn } from '../../in-turn.ts';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { connectionClosed } from './driver-errors.ts';

/** A connection with a snapshot of the database. */
export interface ScanConnection {
  readonly connection: Connection;
  /** Runs a piece of the work in its turn of the event loop. @throws ServiceUnavailableError after the time limit */
  inTurn<T>(piece: () => T): Promise<T>;
}

export interface Scanner {
  /** @throws ServiceUnavailableError if too many scans wait, or the work takes too long */
  scan<T>(work: (scan: ScanConnection) => Promise<T>): Promise<T>;
  /** Waits for running scans. */
  close(): Promise<void>;
}

/** The most scans that run at a time, each on its own connection, and the most that wait. */
const maxConnections = 4;
const maxWaiting = 200;

interface Waiting {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates the scanner, which runs long reads. Each has a snapshot of the database. They take turns on the event loop.
 *
 * @param open - opens another connection for reads
 * @param timeoutMs - how long a scan may take, with the wait for a connection
 */
export function createScanner(open: () => Promise<Connection>, timeoutMs: number): Scanner {
  const idle: Connection[] = [];
  const waiting = new Set<Waiting>();
  const underWay = new Set<Promise<unknown>>();
  let opened = 0;
  let isClosed = false;

  return {
    scan: (work) => {
      const scanned = scan(work);
      underWay.add(scanned);
      const forget = () => underWay.delete(scanned);
      scanned.then(forget, forget);
      return scanned;
    },

    close: async () => {
      isClosed = true;
      for (const { reject } of waiting) reject(connectionClosed());
      await Promise.allSettled(underWay);
      for (const connection of idle.splice(0)) connection.close();
    },
  };

  async function scan<T>(work: (scan: ScanConnection) => Promise<T>): Promise<T> {
    if (isClosed) throw connectionClosed();
    const deadlineMs = performance.now() + timeoutMs;
    const connection = await acquire();
    try {
      await begin(connection);
      return await work({
        connection,
        inTurn: async (piece) =>
          inTurn(() => {
            if (performance.now() > deadlineMs) throw tookTooLong(timeoutMs);
            return piece();
          }) as ReturnType<typeof piece>,
      });
    } finally {
      release(connection);
    }
  }

  async function begin(connection: Connection): Promise<void> {
    connection.run('BEGIN');
    // The first read takes the snapshot.
    const read = () => connection.run('SELECT 1 FROM sqlite_schema LIMIT 1');
    await retryWhileBusy(read, timeoutMs);
  }

  async function acquire(): Promise<Connection> {
    const connection = idle.pop();
    if (connection !== undefined) return connection;
    if (opened === maxConnections) return wait();
    opened += 1;
    try {
      return await open();
    } catch (error) {
      opened -= 1;
      throw error;
    }
  }

  function wait(): Promise<Connection> {
    if (waiting.size >= maxWaiting) {
      throw new ServiceUnavailableError(
        undefined,
        'Too many long lists are being read at once. Try again in a moment.',
      );
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = { resolve: settle(resolve), reject: settle(reject) };
      const timer = setTimeout(() => entry.reject(tookTooLong(timeoutMs)), timeoutMs);
      waiting.add(entry);

      function settle<Value>(settled: (value: Value) => void): (value: Value) => void {
        return (value) => {
          clearTimeout(timer);
          waiting.delete(entry);
          settled(value);
        };
      }
    });
  }

  function release(connection: Connection): void {
    try {
      connection.rollback();
    } catch {
      // Later scans cannot use it.
      opened -= 1;
      connection.close();
      return;
    }
    const [next] = waiting;
    if (next) next.resolve(connection);
    else idle.push(connection);
  }
}

function tookTooLong(timeoutMs: number): ServiceUnavailableError {
  return new ServiceUnavailableError(
    undefined,
    `Looking through the scripts took more than ${timeoutMs} ms (DATABASE_TIMEOUT_MS). Ask with a filter that fits fewer scripts, or for a shorter page.`,
  );
}
