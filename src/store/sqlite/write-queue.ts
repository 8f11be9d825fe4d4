import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Statistic } from '../../telemetry/metrics.ts';
import { backOff, retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { connectionClosed, isBusy, isConstraintViolation } from './driver-errors.ts';
import { type Job, Line, type Mode } from './job-queue.ts';

export interface WriteQueueOptions {
  /** How long work waits while other processes keep the write lock, before it fails. */
  readonly busyTimeoutMs: number;
  /** How many statements share a commit at most. */
  readonly groupSize: number;
}

/**
 * The one way to the writer: work takes turns, in the order in which it came.
 *
 * A commit that waits for the disk costs as much for a hundred statements as for one. Single statements that
 * stand in line together therefore share a transaction, and are acknowledged together once it is committed. A
 * statement that fails undoes only itself; where the transaction fails, none of its statements has happened.
 *
 * While another process holds the write lock, the line waits without blocking the event loop. Each piece of work
 * gives up once it has stood for `busyTimeoutMs` in a line that did not move for that reason.
 */
export class WriteQueue {
  readonly #writer: Connection;
  readonly #options: WriteQueueOptions;
  readonly #line = new Line();
  #worker: Promise<void> | undefined;
  #isClosed = false;
  #commits = 0;
  #committed = 0;

  constructor(writer: Connection, options: WriteQueueOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  readonly statistics: readonly Statistic[] = [
    {
      name: 'database_writes_waiting',
      help: 'Writes that wait for their turn in SQLite.',
      type: 'gauge',
      read: () => this.#line.length,
    },
    {
      name: 'database_group_commits_total',
      help: 'Commits that writes have shared.',
      type: 'counter',
      read: () => this.#commits,
    },
    {
      name: 'database_grouped_writes_total',
      help: 'Writes in those commits.',
      type: 'counter',
      read: () => this.#committed,
    },
  ];

  /** Runs one statement in a transaction that it may share with others. */
  statement<T>(run: () => T): Promise<T> {
    return this.#join('shared', run);
  }

  /**
   * Runs several statements in a transaction that they may share with others: they happen together or not at all.
   * A savepoint for each would copy every page that they change; should they fail half-way, which is rare, the shared
   * transaction is undone instead, and everybody's work is run again, alone.
   */
  together<T>(run: () => T): Promise<T> {
    return this.#join('shared', () => {
      if (!this.#writer.inTransaction) return this.#writer.transact(run);
      try {
        return run();
      } catch (error) {
        throw new HalfDoneError(error);
      }
    });
  }

  /**
   * Runs work in a turn of its own, outside a transaction.
   *
   * @param run - is run again after a busy error, so it must leave nothing behind then
   */
  alone<T>(run: () => T): Promise<T> {
    return this.#join('alone', run);
  }

  /**
   * Begins a transaction. From then on the writer belongs to the caller, until it has committed or rolled back and
   * calls the function that this resolves to.
   */
  async transaction(): Promise<() => void> {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await this.#join<unknown>('transaction', () => released);
    return release;
  }

  /** Refuses further work and transactions that have not begun; resolves when all other work is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#line.reject(connectionClosed(), (job) => job.mode === 'transaction');
    await this.#worker;
  }

  async #join<T>(mode: Mode, run: () => T): Promise<T> {
    if (this.#isClosed) {
      throw connectionClosed();
    }
    const done = this.#line.join(mode, run);
    this.#worker ??= this.#work();
    return done;
  }

  /** Takes turns until the line is empty; begins a moment later, so that what is written together meets in it. */
  async #work(): Promise<void> {
    let lastPauseMs = performance.now();
    let blockedSinceMs: number | undefined;
    let busyTurns = 0;
    await nextTurn();
    while (!this.#line.isEmpty) {
      try {
        await this.#takeTurn();
        blockedSinceMs = undefined;
        busyTurns = 0;
      } catch (error) {
        blockedSinceMs ??= performance.now();
        this.#giveUp(blockedSinceMs, error);
        await backOff(busyTurns++);
        lastPauseMs = performance.now();
      }
      await nextTurn();
      if (performance.now() - lastPauseMs > PAUSE_EVERY_MS) {
        await sleep(PAUSE_MS);
        lastPauseMs = performance.now();
      }
    }
    this.#worker = undefined;
  }

  /** @throws a busy error, with the work still at the head of the line */
  async #takeTurn(): Promise<void> {
    try {
      if (this.#line.head?.mode === 'alone') {
        const value = this.#line.head.run();
        this.#take()[0]?.resolve(value);
        return;
      }
      this.#writer.begin();
    } catch (error) {
      if (isBusy(error)) {
        throw error;
      }
      rejectAll(this.#take(), error);
      return;
    }
    const jobs = this.#take();
    if (jobs[0]?.mode === 'transaction') {
      jobs[0].resolve(undefined);
      await jobs[0].run();
    } else {
      await this.#commitTogether(jobs);
    }
  }

  async #commitTogether(jobs: readonly Job[]): Promise<void> {
    try {
      const outcomes = jobs.map((job) => this.#attempt(job));
      await retryWhileBusy(() => this.#writer.commit(), this.#options.busyTimeoutMs);
      this.#commits += 1;
      this.#committed += jobs.length;
      for (const acknowledge of outcomes) {
        acknowledge();
      }
    } catch (error) {
      this.#undo(jobs, error);
    }
  }

  /** @throws when the transaction of all has ended with the failing statement, or has to */
  #attempt(job: Job): () => void {
    try {
      const value = job.run();
      return () => job.resolve(value);
    } catch (error) {
      if (error instanceof HalfDoneError || !this.#writer.inTransaction) {
        throw error;
      }
      return () => job.reject(error);
    }
  }

  /**
   * A deferred foreign key, ON CONFLICT ROLLBACK, or work that failed half-way makes one the misfortune of all: each is
   * run again, alone. A full disk, or one that fails, concerns them all.
   */
  #undo(jobs: readonly Job[], error: unknown): void {
    const cause = error instanceof HalfDoneError ? error.cause : error;
    if (jobs.length > 1 && (cause !== error || isConstraintViolation(error))) {
      this.#line.repeatAlone(jobs);
    } else {
      rejectAll(jobs, cause);
    }
    this.#writer.rollback();
  }

  #take(): readonly Job[] {
    return this.#line.takeTurn(this.#options.groupSize);
  }

  #giveUp(blockedSinceMs: number, error: unknown): void {
    const latestMs = performance.now() - this.#options.busyTimeoutMs;
    this.#line.reject(error, (job) => Math.max(job.sinceMs, blockedSinceMs) <= latestMs);
  }
}

/**
 * A line that never empties would leave the write lock free for microseconds at a time, and SQLite has no queue
 * for other processes: they look every few milliseconds.
 */
const PAUSE_EVERY_MS = 50;
const PAUSE_MS = 2;

/** Thrown where some statements of several have happened, and the next one has failed. */
class HalfDoneError extends Error {
  constructor(cause: unknown) {
    super('Statements that belong together failed half-way', { cause });
  }
}

function rejectAll(jobs: readonly Job[], error: unknown): void {
  for (const job of jobs) {
    job.reject(error);
  }
}
