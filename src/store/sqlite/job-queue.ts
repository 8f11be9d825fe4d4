/**
 * How a piece of work wants its turn:
 *
 * - `shared`: one statement, in a transaction with its neighbours in the line;
 * - `alone`: outside a transaction;
 * - `transaction`: as the start of a transaction that goes on after it.
 */
export type Mode = 'shared' | 'alone' | 'transaction';

/** Work that stands in line, and the promise that somebody waits for. */
export interface Job {
  readonly mode: Mode;
  /** When it joined, on the clock of `performance.now()`. */
  readonly sinceMs: number;
  /** Does the work; of a transaction, whose work is done elsewhere, it resolves when that is over. */
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Work in the order in which it came. */
export class Line {
  #jobs: Job[] = [];

  get length(): number {
    return this.#jobs.length;
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  get head(): Job | undefined {
    return this.#jobs[0];
  }

  join<T>(mode: Mode, run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const sinceMs = performance.now();
      this.#jobs.push({ mode, sinceMs, run, resolve: resolve as Job['resolve'], reject });
    });
  }

  /** Takes what the next turn is for: statements in a row that share a transaction, or one other piece of work. */
  takeTurn(groupSize: number): readonly Job[] {
    const other = this.#jobs.findIndex((job) => job.mode !== 'shared');
    const shared = other === -1 ? this.#jobs.length : other;
    return this.#jobs.splice(0, Math.max(1, Math.min(shared, groupSize)));
  }

  /** Puts work back to the head, each piece to be run alone. */
  repeatAlone(jobs: readonly Job[]): void {
    this.#jobs.unshift(...jobs.map((job): Job => ({ ...job, mode: 'alone' })));
  }

  /** Sends away, with an error, whoever it concerns. */
  reject(error: unknown, concerns: (job: Job) => boolean): void {
    const rejected = this.#jobs.filter(concerns);
    this.#jobs = this.#jobs.filter((job) => !concerns(job));
    for (const job of rejected) {
      job.reject(error);
    }
  }
}
