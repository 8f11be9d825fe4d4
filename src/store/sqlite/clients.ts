import type { Clients } from '../sql/database.ts';
import { type TraceStatement, traceStatements } from '../sql/trace-statements.ts';
import { openSqliteAdapter } from './adapter.ts';
import { createSqliteDatabase } from './database.ts';
import { PrismaClient } from './generated/client.ts';

export interface SqliteOptions {
  readonly path: string;
  /** How long a statement waits for a lock of another process. */
  readonly timeoutMs: number;
  /** About how much memory the read cache may use; 0 for no cache. */
  readonly readCacheBytes: number;
}

/** Opens the connections to a database file. */
export async function openSqliteClients(
  { path, timeoutMs, readCacheBytes }: SqliteOptions,
  trace?: TraceStatement,
): Promise<Clients> {
  const adapter = await openSqliteAdapter({ path, busyTimeoutMs: timeoutMs });
  if (trace) traceStatements(adapter, trace);
  const { provider, adapterName } = adapter;
  const client = new PrismaClient({
    adapter: { provider, adapterName, connect: async () => adapter },
    transactionOptions: { maxWait: timeoutMs, timeout: 2 * timeoutMs },
  });
  await client.$connect();
  return {
    client,
    database: createSqliteDatabase(adapter, readCacheBytes),
    statistics: adapter.statistics,
  };
}
