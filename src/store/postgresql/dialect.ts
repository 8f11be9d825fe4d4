import { PrismaPg } from '@prisma/adapter-pg';
import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Pool, PoolClient } from 'pg';
import type { JsonObject } from '../../scripts/dtrace-script.ts';
import type { MetadataPath } from '../../scripts/metadata-path.ts';
import type { Dialect, TextColumn } from '../sql/dialect.ts';
import { traceStatements } from '../sql/trace-statements.ts';
import type { PrismaClient as SharedClient } from '../sqlite/generated/client.ts';
import { checkPooler } from './check-pooler.ts';
import { checkRights } from './check-rights.ts';
import { createPostgresDatabase, nameOfStatement } from './database.ts';
import { openPostgresConnection } from './direct-connection.ts';
import { readConnecting } from './driver-options.ts';
import { PrismaClient } from './generated/client.ts';
import { statisticsOf } from './pool-statistics.ts';
import { prepareSession } from './session.ts';

/** The dialect of PostgreSQL. Members are followed with `->` and a text key, which never reads an array's place. */
export function createPostgresDialect(
  url: string,
  timeoutMs: number,
  poolSize: number,
  readCacheBytes: number,
): Dialect {
  return {
    provider: 'postgresql',
    operationTimeoutMs: timeoutMs,
    openClients: async (trace) => {
      const { options, schema } = readConnecting(url);
      const factory = new PrismaPg(
        {
          ...options,
          max: poolSize,
          connectionTimeoutMillis: timeoutMs,
          query_timeout: timeoutMs,
          // The pool waits for it, before anybody has the connection.
          onConnect: (client) =>
            prepareSession(client, { schema, use: 'store', statementTimeoutMs: timeoutMs }),
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
      const database = createPostgresDatabase(adapter, pool, readCacheBytes);
      return { client, database, statistics: statisticsOf(pool) };
    },
    openDirectConnection: () => openPostgresConnection(url, timeoutMs),

    lockedInOrder: (userIds) => sql`"id" = ANY (ARRAY(
      SELECT "id" FROM "users" WHERE "id" IN (${userIds}) ORDER BY "id" FOR NO KEY UPDATE))`,
    // Transactions are numbered as they begin: below the oldest that is under way, all are over and seen.
    changeNumber: sql`pg_current_xact_id()::text::bigint`,
    changeHorizon: sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
    keepChangeNumber: [],
    uuid: (value) => sql`${value}::uuid`,
    json,
    later: (time, other) => sql`greatest(${time}, ${other})`,
    storedBytes,
    uuidIsOneOf: (uuids) =>
      sql`"uuid" = ANY(${[...uuids].filter((uuid) => canonicalUuid.test(uuid))}::uuid[])`,
    nameContains: (text) => sql`strpos("name", ${text}) > 0`,

    metadataIsSet: (path) => sql`${member(path)} IS NOT NULL`,
    // Containment, which equality implies, is what the GIN index can answer.
    metadataEquals: (path, value) =>
      sql`("metadata" @> ${json(nest(path, value))} AND ${member(path)} = ${json(value)})`,
    metadataType: (path) => sql`jsonb_typeof(${member(path)})`,
    metadataWith: (path, members) => withMembers([], path, members),
    metadataWithout: (path) => sql`"metadata" #- ${[...path]}::text[]`,
    documentBytes: (document) => sql`octet_length((${document})::text)`,
  };
}

async function withClient(pool: Pool, action: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await action(client);
  } finally {
    client.release();
  }
}

/** A small document takes about as much in the table as it does as text; a larger one may be compressed there. */
function storedBytes(column: TextColumn): Sql {
  return raw(
    column === 'name' || column === 'script'
      ? `octet_length("${column}")`
      : `CASE WHEN pg_column_size("${column}") < 1000 THEN pg_column_size("${column}")
        ELSE octet_length("${column}"::text) END`,
  );
}

/** Grants name scripts by any text: the type `uuid` would refuse most of it, and take upper case for lower case. */
const canonicalUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The smallest document that has the value at the path. A computed key is an own member, `__proto__` too. */
function nest(path: MetadataPath, value: unknown): unknown {
  return path.reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
}

function json(value: unknown): Sql {
  return sql`${JSON.stringify(value)}::jsonb`;
}

function member(path: MetadataPath): Sql {
  return path.length === 0
    ? sql`"metadata"`
    : join([sql`"metadata"`, ...path.map((key) => sql`${key}::text`)], ' -> ', '(', ')');
}

/** `jsonb_set` creates only the last member, so each level is merged into the one above. */
function withMembers(parent: MetadataPath, path: MetadataPath, members: JsonObject): Sql {
  const [key, ...rest] = path;
  const added =
    key === undefined
      ? json(members)
      : sql`jsonb_build_object(${key}::text, ${withMembers([...parent, key], rest, members)})`;
  return sql`(coalesce(${member(parent)}, '{}'::jsonb) || ${added})`;
}
