import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../scripts/dtrace-script.ts';
import type { MetadataPath } from '../../scripts/metadata-path.ts';
import type { Dialect } from '../sql/dialect.ts';
import { traceStatements } from '../sql/trace-statements.ts';
import { openSqliteAdapter } from './adapter.ts';
import { createSqliteDatabase } from './database.ts';
import { openSqliteConnection } from './direct-connection.ts';
import { PrismaClient } from './generated/client.ts';

/**
 * The dialect of SQLite, 3.53 as shipped with the driver.
 *
 * @param url - `file:` followed by a path, relative to the working directory
 * @param readCacheBytes - about how much may be kept of what was read
 */
export function createSqliteDialect(url: string, timeoutMs: number, readCacheBytes: number): Dialect {
  const path = resolve(url.slice('file:'.length));
  const prepareFolder = () => mkdirSync(dirname(path), { recursive: true });
  return {
    provider: 'sqlite',
    operationTimeoutMs: undefined,
    openClients: async (trace) => {
      prepareFolder();
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
    },
    openDirectConnection: () => {
      prepareFolder();
      return openSqliteConnection(path, timeoutMs);
    },

    // One writer locks all.
    lockedInOrder: (userIds) => sql`"id" IN (${userIds})`,
    changeNumber: nextChange,
    changeHorizon: nextChange,
    keepChangeNumber: [
      sql`UPDATE "dtrace_scripts" SET "changed_in" = (SELECT "changed_in" FROM "written")
        WHERE "uuid" = (SELECT "uuid" FROM "dtrace_scripts" ORDER BY "changed_in" DESC LIMIT 1)
          AND "changed_in" < (SELECT "changed_in" FROM "written")`,
    ],
    uuid: (value) => sql`${value}`,
    json: (value) => sql`${JSON.stringify(value)}`,
    later: (time, other) => sql`max(${time}, ${other})`,
    storedBytes: (column) => raw(`octet_length("${column}")`),
    uuidIsOneOf: (uuids) => sql`"uuid" IN (SELECT "value" FROM json_each(${JSON.stringify([...uuids])}))`,
    nameContains: (text) => sql`instr("name", ${text}) > 0`,

    metadataIsSet: (path) => sql`json_type("metadata", ${jsonPath(path)}) IS NOT NULL`,
    metadataEquals,
    metadataType: (path) => sql`json_type("metadata", ${jsonPath(path)})`,
    metadataWith,
    metadataWithout: (path) => sql`json_remove("metadata", ${jsonPath(path)})`,
    documentBytes: (document) => sql`octet_length(${document})`,
  };
}

/** Writes come one after the other, so counting on is enough. The deletion of the last one hands its number on. */
const nextChange = sql`(SELECT coalesce(max("changed_in"), 0) + 1 FROM "dtrace_scripts")`;

/** Every key quoted and escaped as in JSON: the only form in which `"`, `\` and the empty key work. */
function jsonPath(path: MetadataPath): string {
  return `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`;
}

/** SQLite allows a function 1,000 arguments, of which each member takes two. */
const maxMembersPerCall = 400;

function metadataWith(path: MetadataPath, members: JsonObject): Sql {
  let document = sql`"metadata"`;
  const entries = Object.entries(members);
  for (let start = 0; start < entries.length; start += maxMembersPerCall) {
    const changes = entries
      .slice(start, start + maxMembersPerCall)
      .map(([key, value]) => sql`${jsonPath([...path, key])}, json(${JSON.stringify(value)})`);
    document = sql`json_set(${document}, ${join(changes)})`;
  }
  return document;
}

/** Scalars compare by type and value; objects and arrays by all their members, in any order of keys. */
function metadataEquals(path: MetadataPath, value: unknown): Sql {
  const at = jsonPath(path);
  if (value === null || typeof value === 'boolean') {
    return sql`json_type("metadata", ${at}) = ${String(value)}`;
  }
  if (typeof value === 'number') {
    return sql`(json_type("metadata", ${at}) IN ('integer', 'real') AND json_extract("metadata", ${at}) = json_extract(${JSON.stringify(value)}, '$'))`;
  }
  if (typeof value === 'string') {
    return sql`(json_type("metadata", ${at}) = 'text' AND json_extract("metadata", ${at}) = ${value})`;
  }
  const members = (document: Sql) => sql`SELECT "fullkey", "type", "atom" FROM json_tree(${document})`;
  const found = members(sql`json_extract("metadata", ${at})`);
  const wanted = members(sql`${JSON.stringify(value)}`);
  return sql`(json_type("metadata", ${at}) = ${Array.isArray(value) ? 'array' : 'object'}
    AND NOT EXISTS (${found} EXCEPT ${wanted}) AND NOT EXISTS (${wanted} EXCEPT ${found}))`;
}
