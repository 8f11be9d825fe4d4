import type { Statistic } from '../../telemetry/metrics.ts';
import { retryWhileBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { isConstraintViolation } from './driver-errors.ts';
import type { Job, JobQueue } from './job-queue.ts';

/** Thrown if one of several statements that belong together fails after others have run. */
export class HalfDoneError extends Error {
  constructor(cause: unknown) {
    super('Statements that belong together failed half-way', { cause });
  }
}

/** Creates the commits that the jobs of one turn share. The writer has begun a transaction for them. */
export function createGroupCommits(writer: Connection, queue: JobQueue, busyTimeoutMs: number) {
  let commits = 0;
  let committed = 0;
  const statistics: readonly Statistic[] = [
    {
      name: 'database_group_commits_total',
      help: 'Commits that writes have shared.',
      type: 'counter',
      read: () => commits,
    },
    {
      name: 'database_grouped_writes_total',
      help: 'Writes in those commits.',
      type: 'counter',
      read: () => committed,
    },
  ];

  return {
    statistics,
    async commitTogether(jobs: readonly Job[]): Promise<void> {
      try {
        const acknowledgements = jobs.map(run);
        await retryWhileBusy(() => writer.commit(), busyTimeoutMs);
        commits += 1;
        committed += jobs.length;
        for (const acknowledge of acknowledgements) acknowledge();
      } catch (error) {
        undo(jobs, error);
      }
    },
  };

  /** @returns what to do after the commit. @throws if the failure has ended the shared transaction, or must end it */
  function run(job: Job): () => void {
    try {
      const value = job.run();
      return () => job.resolve(value);
    } catch (error) {
      if (error instanceof HalfDoneError || !writer.inTransaction) throw error;
      return () => job.reject(error);
    }
  }

  /**
   * Undoes the shared transaction. If one job has caused the failure, by a deferred foreign key, ON CONFLICT ROLLBACK or
   * half-done work, each job runs again alone. A failure of the disk concerns all jobs, so all are rejected.
   */
  function undo(jobs: readonly Job[], error: unknown): void {
    const cause = error instanceof HalfDoneError ? error.cause : error;
    if (jobs.length > 1 && (cause !== error || isConstraintViolation(error))) {
      queue.repeatAlone(jobs);
    } else {
      for (const job of jobs) job.reject(cause);
    }
    writer.rollback();
  }
}
