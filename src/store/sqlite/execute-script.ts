import type { Connection } from './connection.ts';
import { refusedStatement } from './driver-errors.ts';
import { managesTransactions } from './statement-kind.ts';
import type { WriteQueue } from './write-queue.ts';

/**
 * Runs a script on the writer, in a turn of its own.
 *
 * All of it happens or nothing. The exception is a script that manages transactions, or holds a statement such as PRAGMA
 * that no transaction allows: it runs statement by statement, up to the first that fails. It cannot run again after a
 * busy error, so SQLite waits for the lock, and blocks the event loop meanwhile.
 *
 * @param busyTimeoutMs - how long SQLite waits for the lock
 */
export async function executeScript(
  queue: WriteQueue,
  writer: Connection,
  script: string,
  busyTimeoutMs: number,
): Promise<void> {
  if (!managesTransactions(script)) {
    await queue.alone(() => writer.transact(() => writer.runScript(script)));
    return;
  }
  // The outcome leaves the queue as a value: if it were thrown, the queue would run the script again after a busy error.
  const outcome = await queue.alone(() => runStepwise(writer, script, busyTimeoutMs));
  if (outcome !== undefined) {
    throw outcome.error;
  }
}

function runStepwise(
  writer: Connection,
  script: string,
  busyTimeoutMs: number,
): { readonly error: unknown } | undefined {
  try {
    writer.runScript(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    writer.runScript(script);
    return writer.inTransaction
      ? { error: refusedStatement('the script left its transaction open') }
      : undefined;
  } catch (error) {
    return { error };
  } finally {
    writer.rollback();
    // A script that failed may have turned off the checks of foreign keys.
    writer.runScript('PRAGMA busy_timeout = 0; PRAGMA foreign_keys = ON');
  }
}
