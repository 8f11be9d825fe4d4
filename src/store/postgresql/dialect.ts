import { PrismaPg } from '@prisma/adapter-pg';
import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { MetadataPath } from '../../scripts/metadata-path.ts';
import type { Dialect } from '../dialect.ts';
import type { PrismaClient as SharedClient } from '../sqlite/generated/client.ts';
import { PrismaClient } from './generated/client.ts';
import { openPostgresMigrationConnection } from './migration-connection.ts';

/** The dialect of PostgreSQL. Members are followed with `->` and a text key, which never reads an array's place. */
export function createPostgresDialect(url: string, timeoutMs: number): Dialect {
  return {
    provider: 'postgresql',
    openClient: async () => {
      const adapter = new PrismaPg(
        {
          connectionString: url,
          connectionTimeoutMillis: timeoutMs,
          query_timeout: timeoutMs,
          statement_timeout: timeoutMs,
        },
        { onPoolError: () => {}, onConnectionError: () => {} },
      );
      return new PrismaClient({
        adapter,
        transactionOptions: { maxWait: timeoutMs, timeout: 2 * timeoutMs },
      }) as unknown as SharedClient;
    },
    openMigrationConnection: () => openPostgresMigrationConnection(url, timeoutMs),

    uuid: (value) => sql`${value}::uuid`,
    json,
    uuidIsOneOf: (uuids) => sql`"uuid" = ANY(${[...uuids]}::uuid[])`,
    nameContains: (text) => sql`strpos("name", ${text}) > 0`,

    metadataIsSet: (path) => sql`${member(path)} IS NOT NULL`,
    metadataEquals: (path, value) => sql`${member(path)} = ${json(value)}`,
    metadataPathIsFree: (path) =>
      path.length < 2
        ? sql`TRUE`
        : join(
            path
              .slice(1)
              .map(
                (_, index) =>
                  sql`coalesce(jsonb_typeof(${member(path.slice(0, index + 1))}), 'object') = 'object'`,
              ),
            ' AND ',
          ),
    metadataWith: (path, value) => withMember([], path, value),
    metadataWithout: (path) => sql`"metadata" #- ${[...path]}::text[]`,
    documentBytes: (document) => sql`octet_length((${document})::text)`,
  };
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
function withMember(parent: MetadataPath, path: MetadataPath, value: unknown): Sql {
  const [key = '', ...rest] = path;
  const inner = rest.length === 0 ? json(value) : withMember([...parent, key], rest, value);
  return sql`(coalesce(${member(parent)}, '{}'::jsonb) || jsonb_build_object(${key}::text, ${inner}))`;
}
