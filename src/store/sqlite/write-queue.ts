import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Statistic } from '../../telemetry/metrics.ts';
import { backOff } from './busy.ts';
import type { Connection } from './connection.ts';
import { connectionClosed, isBusy } from './driver-errors.ts';
import { createGroupCommits, HalfDoneError } from './group-commits.ts';
import { createJobQueue, type Mode } from './job-queue.ts';

export interface WriteQueueOptions {
  /** How long work waits for the write lock of another process before it fails. */
  readonly busyTimeoutMs: number;
  /** The most statements that share a commit. */
  readonly groupSize: number;
}

/** The only access to the writer. Work takes turns in the order in which it was added. */
export interface WriteQueue {
  readonly statistics: readonly Statistic[];
  /** Runs one statement, in a transaction that it may share with others. */
  statement<T>(run: () => T): Promise<T>;
  /**
   * Runs several statements together or not at all, in a transaction that they may share with others.
   *
   * A savepoint for each would copy every page that they change. So if one of them fails, which is rare, the shared
   * transaction is rolled back, and all its work runs again, each alone.
   */
  together<T>(run: () => T): Promise<T>;
  /**
   * Runs work in a turn of its own, outside a transaction.
   *
   * @param run - runs again after a busy error, so it must leave nothing behind then
   */
  alone<T>(run: () => T): Promise<T>;
  /**
   * Starts a transaction. The writer belongs to the caller until it has committed or rolled back, and calls the function
   * that this resolves to.
   */
  transaction(): Promise<() => void>;
  /** Refuses new work and transactions that have not started. Resolves when all other work is done. */
  close(): Promise<void>;
}

/**
 * A queue that never empties would leave the write lock free only for microseconds. SQLite has no queue for other
 * processes: they try every few milliseconds. So the queue pauses regularly.
 */
const pauseEveryMs = 50;
const pauseMs = 2;

/**
 * Creates the queue of a writer.
 *
 * A commit waits for the disk as long for a hundred statements as for one. So single statements that wait together share
 * a transaction, and are acknowledged after its commit. A statement that fails undoes only itself. If the transaction
 * fails, none of its statements has happened.
 *
 * While another process holds the write lock, the queue waits without blocking the event loop. A job fails after it has
 * waited for `busyTimeoutMs` because of that lock.
 */
export function createWriteQueue(
  writer: Connection,
  { busyTimeoutMs, groupSize }: WriteQueueOptions,
): WriteQueue {
  const queue = createJobQueue();
  const commits = createGroupCommits(writer, queue, busyTimeoutMs);
  let worker: Promise<void> | undefined;
  let isClosed = false;

  return {
    statistics: [
      {
        name: 'database_writes_waiting',
        help: 'Writes that wait for their turn in SQLite.',
        type: 'gauge',
        read: () => queue.length,
      },
      ...commits.statistics,
    ],
    statement: (run) => add('shared', run),
    together: (run) =>
      add('shared', () => {
        if (!writer.inTransaction) return writer.transact(run);
        try {
          return run();
        } catch (error) {
          throw new HalfDoneError(error);
        }
      }),
    alone: (run) => add('alone', run),
    transaction: async () => {
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await add<unknown>('transaction', () => released);
      return release;
    },
    close: async () => {
      isClosed = true;
      queue.reject(connectionClosed(), (job) => job.mode === 'transaction');
      await worker;
    },
  };

  async function add<T>(mode: Mode, run: () => T): Promise<T> {
    if (isClosed) throw connectionClosed();
    const done = queue.add(mode, run);
    worker ??= work();
    return done;
  }

  /** Takes turns until the queue is empty. Starts in the next turn of the event loop, so that writes meet in the queue. */
  async function work(): Promise<void> {
    let lastPauseMs = performance.now();
    let blockedSinceMs: number | undefined;
    let busyTurns = 0;
    await nextTurn();
    while (queue.length > 0) {
      try {
        await takeTurn();
        blockedSinceMs = undefined;
        busyTurns = 0;
      } catch (error) {
        blockedSinceMs ??= performance.now();
        giveUp(blockedSinceMs, error);
        await backOff(busyTurns++);
        lastPauseMs = performance.now();
      }
      await nextTurn();
      if (performance.now() - lastPauseMs > pauseEveryMs) {
        await sleep(pauseMs);
        lastPauseMs = performance.now();
      }
    }
    worker = undefined;
  }

  /** @throws a busy error, with the work still at the front of the queue */
  async function takeTurn(): Promise<void> {
    try {
      if (queue.first?.mode === 'alone') {
        const value = queue.first.run();
        queue.takeTurn(groupSize)[0]?.resolve(value);
        return;
      }
      writer.begin();
    } catch (error) {
      if (isBusy(error)) throw error;
      for (const job of queue.takeTurn(groupSize)) job.reject(error);
      return;
    }
    const jobs = queue.takeTurn(groupSize);
    if (jobs[0]?.mode === 'transaction') {
      jobs[0].resolve(undefined);
      await jobs[0].run();
    } else {
      await commits.commitTogether(jobs);
    }
  }

  function giveUp(blockedSinceMs: number, error: unknown): void {
    const latestMs = performance.now() - busyTimeoutMs;
    queue.reject(error, (job) => Math.max(job.sinceMs, blockedSinceMs) <= latestMs);
  }
}
