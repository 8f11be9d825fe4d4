/**
 * How a job takes its turn:
 *
 * - `shared`: one statement, in a transaction with its neighbours in the queue;
 * - `alone`: outside a transaction;
 * - `transaction`: starts a transaction that goes on after the turn.
 */
export type Mode = 'shared' | 'alone' | 'transaction';

/** Work in the queue, and the promise of its caller. */
export interface Job {
  readonly mode: Mode;
  /** When it was added, by `performance.now()`. */
  readonly sinceMs: number;
  /** Does the work. For a transaction, whose work is done elsewhere, it resolves at the end of the transaction. */
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Jobs in the order in which they were added. */
export interface JobQueue {
  readonly length: number;
  readonly first: Job | undefined;
  add<T>(mode: Mode, run: () => T): Promise<T>;
  /** Takes the jobs of the next turn: statements in a row that share a transaction, or one other job. */
  takeTurn(groupSize: number): readonly Job[];
  /** Puts jobs back to the front. Each runs alone then. */
  repeatAlone(jobs: readonly Job[]): void;
  /** Removes the jobs that the error concerns, and rejects them. */
  reject(error: unknown, concerns: (job: Job) => boolean): void;
}

export function createJobQueue(): JobQueue {
  let jobs: Job[] = [];
  return {
    get length() {
      return jobs.length;
    },
    get first() {
      return jobs[0];
    },
    add: <T>(mode: Mode, run: () => T) =>
      new Promise<T>((resolve, reject) => {
        const sinceMs = performance.now();
        jobs.push({ mode, sinceMs, run, resolve: resolve as Job['resolve'], reject });
      }),
    takeTurn: (groupSize) => {
      const other = jobs.findIndex((job) => job.mode !== 'shared');
      const shared = other === -1 ? jobs.length : other;
      return jobs.splice(0, Math.max(1, Math.min(shared, groupSize)));
    },
    repeatAlone: (again) => void jobs.unshift(...again.map((job): Job => ({ ...job, mode: 'alone' }))),
    reject: (error, concerns) => {
      const rejected = jobs.filter(concerns);
      jobs = jobs.filter((job) => !concerns(job));
      for (const job of rejected) job.reject(error);
    },
  };
}
