import { ServiceUnavailableError } from '../../errors.ts';
import { inTurn } from '../../in-turn.ts';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { connectionClosed } from './driver-errors.ts';

/** A connection that shows the database as it is at one moment. */
export interface ScanConnection {
  readonly connection: Connection;
  /** Does a piece of the work as soon as it is its turn. @throws ServiceUnavailableError when the time is over */
  inTurn<T>(piece: () => T): Promise<T>;
}

export interface Scanner {
  /** @throws ServiceUnavailableError when too many wait already, or the work takes too long */
  scan<T>(work: (scan: ScanConnection) => Promise<T>): Promise<T>;
  /** Waits for the scans that have begun. */
  close(): Promise<void>;
}

/** How many scans are under way at a time, each on a connection of its own, and how many wait for one. */
const maxConnections = 4;
const maxWaiting = 200;

interface Waiting {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates what runs long reads. Each of them has a snapshot of the database; they take turns on the event loop.
 *
 * @param open - another connection that reads
 * @param timeoutMs - how long one may take, including the wait for a connection
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
    // The snapshot is taken by the first read.
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
      // It is of no use to the next one.
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
