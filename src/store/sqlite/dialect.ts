import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../json/json-object.ts';
import type { MetadataPath } from '../../json/metadata-path.ts';
import type { Dialect } from '../sql/dialect.ts';
import { openSqliteClients, type SqliteOptions } from './clients.ts';
import { openSqliteConnection } from './direct-connection.ts';

/**
 * The dialect of SQLite 3.53, which comes with the driver.
 *
 * @param options - with a URL instead of a path: `file:` and a path, relative to the working directory
 */
export function createSqliteDialect({
  url,
  ...options
}: Omit<SqliteOptions, 'path'> & { readonly url: string }): Dialect {
  const path = resolve(url.slice('file:'.length));
  const prepareFolder = () => mkdirSync(dirname(path), { recursive: true });
  return {
    provider: 'sqlite',
    operationTimeoutMs: undefined,
    openClients: async (trace) => {
      prepareFolder();
      return openSqliteClients({ path, ...options }, trace);
    },
    openDirectConnection: () => {
      prepareFolder();
      return openSqliteConnection(path, options.timeoutMs);
    },

    // There is one writer at a time, so there is nothing to order.
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

/** There is one writer at a time, so the next number is enough. `keepChangeNumber` keeps the number of a deleted script. */
const nextChange = sql`(SELECT coalesce(max("changed_in"), 0) + 1 FROM "dtrace_scripts")`;

/** Keys are quoted and escaped as in JSON. No other form works for `"`, `\` and the empty key. */
function jsonPath(path: MetadataPath): string {
  return `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`;
}

/** SQLite allows 1,000 arguments of a function. Each member takes two. */
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

/** Scalars are equal by type and value. Objects and arrays are equal by all their members, in any order of keys. */
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
