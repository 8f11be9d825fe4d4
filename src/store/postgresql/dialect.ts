import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../json/json-object.ts';
import type { MetadataPath } from '../../json/metadata-path.ts';
import type { Dialect, LargeColumn } from '../sql/dialect.ts';
import { openPostgresClients, type PostgresOptions } from './clients.ts';
import { openPostgresConnection } from './direct-connection.ts';

/** The dialect of PostgreSQL. Metadata is read with `->` and text keys, which never mean an index of an array. */
export function createPostgresDialect(options: PostgresOptions): Dialect {
  const { url, timeoutMs } = options;
  return {
    provider: 'postgresql',
    operationTimeoutMs: timeoutMs,
    openClients: (trace) => openPostgresClients(options, trace),
    openDirectConnection: () => openPostgresConnection(url, timeoutMs),

    lockedInOrder: (userIds) => sql`"id" = ANY (ARRAY(
      SELECT "id" FROM "users" WHERE "id" IN (${userIds}) ORDER BY "id" FOR NO KEY UPDATE))`,
    // Transactions get their numbers when they begin. All transactions before the oldest running one have ended.
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
    // The GIN index answers containment, which equality implies.
    metadataEquals: (path, value) =>
      sql`("metadata" @> ${json(nest(path, value))} AND ${member(path)} = ${json(value)})`,
    metadataType: (path) => sql`jsonb_typeof(${member(path)})`,
    metadataWith: (path, members) => withMembers([], path, members),
    metadataWithout: (path) => sql`"metadata" #- ${[...path]}::text[]`,
    documentBytes: (document) => sql`octet_length((${document})::text)`,
  };
}

/** A small document has about the same size in the table and as text. A larger one may be compressed in the table. */
function storedBytes(column: LargeColumn): Sql {
  return raw(
    column === 'name' || column === 'script'
      ? `octet_length("${column}")`
      : `CASE WHEN pg_column_size("${column}") < 1000 THEN pg_column_size("${column}")
        ELSE octet_length("${column}"::text) END`,
  );
}

/** Grants may name scripts by any text. The type `uuid` refuses most texts, and accepts upper case. */
const canonicalUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The smallest document with the value at the path. A computed key is an own member, also `__proto__`. */
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

/** `jsonb_set` creates only the last member of a path, so each level is merged into the level above. */
function withMembers(parent: MetadataPath, path: MetadataPath, members: JsonObject): Sql {
  const [key, ...rest] = path;
  const added =
    key === undefined
      ? json(members)
      : sql`jsonb_build_object(${key}::text, ${withMembers([...parent, key], rest, members)})`;
  return sql`(coalesce(${member(parent)}, '{}'::jsonb) || ${added})`;
}
