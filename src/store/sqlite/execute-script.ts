import type { Connection } from './connection.ts';
import { refusedStatement } from './driver-errors.ts';
import { managesTransactions } from './statement-kind.ts';
import type { WriteQueue } from './write-queue.ts';

/**
 * Runs a script of statements on the writer, in a turn of its own.
 *
 * It happens as a whole or not at all, unless it manages transactions itself or holds what none allows, such as
 * PRAGMA: then SQLite takes it statement by statement, up to the first that fails. Such a script cannot be begun
 * again when it meets a lock, and waits for it on the spot.
 *
 * @param busyTimeoutMs - how long to wait on the spot
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
  // The outcome leaves the queue as a value: thrown there, a busy error would have the script run again.
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
    // A script that failed half-way may have left foreign keys unchecked.
    writer.runScript('PRAGMA busy_timeout = 0; PRAGMA foreign_keys = ON');
  }
}
