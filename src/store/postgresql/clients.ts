import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool, PoolClient } from 'pg';
import type { Clients } from '../sql/database.ts';
import { type TraceStatement, traceStatements } from '../sql/trace-statements.ts';
import type { PrismaClient as SharedClient } from '../sqlite/generated/client.ts';
import { checkPooler } from './check-pooler.ts';
import { checkRights } from './check-rights.ts';
import { createPostgresDatabase, nameOfStatement } from './database.ts';
import { readConnecting } from './driver-options.ts';
import { PrismaClient } from './generated/client.ts';
import { statisticsOf } from './pool-statistics.ts';
import { createServerCount } from './server-count.ts';
import { prepareSession } from './session.ts';

export interface PostgresOptions {
  readonly url: string;
  /** How long a statement, a transaction or a wait for a connection may take. */
  readonly timeoutMs: number;
  readonly poolSize: number;
  /** About how much memory the read cache may use; 0 for no cache. */
  readonly readCacheBytes: number;
}

/** Opens a pool of connections, and checks that the gateway can work with them. @throws UnusableConnectionError otherwise */
export async function openPostgresClients(
  { url, timeoutMs, poolSize, readCacheBytes }: PostgresOptions,
  trace?: TraceStatement,
): Promise<Clients> {
  const { options, schema } = readConnecting(url);
  const { addConnection, server } = createServerCount();
  const factory = new PrismaPg(
    {
      ...options,
      max: poolSize,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      // The pool waits for this before it hands out the connection.
      onConnect: async (client) => {
        const session = { schema, use: 'store', statementTimeoutMs: timeoutMs } as const;
        addConnection(client, await prepareSession(client, session));
      },
    },
    {
      schema,
      onPoolError: () => {},
      onConnectionError: () => {},
      statementNameGenerator: nameOfStatement,
    },
  );
  const adapter = await factory.connect();
  const pool = adapter.underlyingDriver();
  try {
    await withClient(pool, async (client) => {
      await checkPooler(client, options, timeoutMs);
      await checkRights(client, schema);
    });
  } catch (error) {
    await adapter.dispose();
    throw error;
  }
  if (trace) traceStatements(adapter, trace);
  const { provider, adapterName } = adapter;
  const client = new PrismaClient({
    adapter: { provider, adapterName, connect: async () => adapter },
    transactionOptions: { maxWait: timeoutMs, timeout: timeoutMs },
  }) as unknown as SharedClient;
  await client.$connect();
  const database = createPostgresDatabase(adapter, pool, server, readCacheBytes);
  return { client, database, statistics: statisticsOf(pool) };
}

async function withClient(pool: Pool, action: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await action(client);
  } finally {
    client.release();
  }
}
