import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { UnusableConnectionError } from '../sql/failures.ts';
import type { Connecting } from './driver-options.ts';

/** How often a connection is checked. A pooler with few connections may return the same one by chance. */
const rounds = 10;
const maxPauseMs = 5;

/**
 * Checks that a connection stays the same. Some poolers give a connection of the server to other clients between
 * transactions, with its settings and its prepared statements. For the check, a second connection opens a transaction, so
 * that the connection that was used last is not free.
 *
 * @throws UnusableConnectionError otherwise
 */
export async function checkPooler(
  client: pg.ClientBase,
  options: Connecting['options'],
  timeoutMs: number,
): Promise<void> {
  // PostgreSQL sends the number of its process. A pooler sends another number.
  const { processID } = client as { readonly processID?: number };
  if ((await identify(client, timeoutMs)).pid === processID) return;
  const mark = randomUUID();
  await client.query(`SELECT set_config('dtrace_gateway.mark', '${mark}', false)`);
  const other = new pg.Client({ ...options, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  other.on('error', () => {});
  try {
    await other.connect();
    for (let round = 0; round < rounds; round += 1) {
      // Most poolers hand out the connection that was used last: after this query, the connection of the client.
      const before = await identify(client, timeoutMs);
      await other.query('BEGIN');
      const beside = await identify(other, timeoutMs);
      // A random pause, because the pooler may serve other clients in a regular rhythm.
      await sleep(Math.random() * maxPauseMs);
      const after = await identify(client, timeoutMs);
      await other.query('COMMIT');
      const isSame = before.pid === after.pid && before.mark === mark && after.mark === mark;
      if (!isSame || beside.pid === after.pid || beside.mark === mark) {
        throw new UnusableConnectionError(
          'it is behind a pooler that shares connections between transactions: set it to session pooling, or connect directly',
        );
      }
    }
  } catch (error) {
    if (error instanceof UnusableConnectionError) throw error;
    throw new UnusableConnectionError(
      `it is behind a pooler that does not give two connections at a time (${(error as Error).message})`,
    );
  } finally {
    await other.end().catch(() => {});
  }
}

interface Identity {
  /** The number of the process on the server. */
  readonly pid: number;
  readonly mark: string | null;
}

async function identify(client: pg.ClientBase, timeoutMs: number): Promise<Identity> {
  // The types of the driver do not know the time limit.
  const query: pg.QueryConfig & { readonly query_timeout: number } = {
    text: `SELECT pg_backend_pid() AS pid, current_setting('dtrace_gateway.mark', true) AS mark`,
    query_timeout: timeoutMs,
  };
  return (await client.query(query)).rows[0];
}
