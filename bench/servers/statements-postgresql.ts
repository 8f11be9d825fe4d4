import pg from 'pg';
import type { NamedRow, StatementName, Statements } from './statements.ts';

const time = (column: string) => `to_char("${column}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const listed = `"uuid", "name", ${time('updated_at')} AS "updatedAt"`;
const documented = '"uuid", "name", "script", "config", "metadata"';

const sources: Readonly<Record<StatementName, string>> = {
  owner: `SELECT u."id", u."permissions_version" FROM "tokens" t JOIN "users" u ON u."id" = t."user_id"
    WHERE t."digest" = $1 AND t."revoked_at" IS NULL AND (t."expires_at" IS NULL OR t."expires_at" > now())`,
  permissions: `SELECT coalesce(json_agg("permission"), '[]')::text FROM (
    SELECT "permission" FROM "user_grants" WHERE "user_id" = $1 UNION ALL
    SELECT g."permission" FROM "role_grants" g JOIN "role_members" m ON m."role_id" = g."role_id" WHERE m."user_id" = $1) p`,
  script: `SELECT row_to_json(r)::text FROM (SELECT ${documented}, "revision", ${time('created_at')} AS "createdAt",
    ${time('updated_at')} AS "updatedAt" FROM "dtrace_scripts" WHERE "uuid" = $1) r`,
  restScript: `SELECT row_to_json(r)::text FROM (SELECT ${documented} FROM "dtrace_scripts" WHERE "uuid" = $1) r`,
  list: listOf(
    `SELECT ${listed} FROM "dtrace_scripts" ORDER BY "created_at", "dtrace_scripts"."uuid" LIMIT $1`,
  ),
  listGranted: listOf(`SELECT ${listed} FROM "dtrace_scripts" s WHERE EXISTS (
      SELECT 1 FROM "user_grants" WHERE "user_id" = $1 AND "permission" = 'dtrace->' || s."uuid" || '->get')
    ORDER BY "created_at", s."uuid" LIMIT $2`),
  listUuids: listOf('SELECT "uuid" FROM "dtrace_scripts" ORDER BY "created_at", "uuid" LIMIT $1'),
  batch: `SELECT json_agg(CASE WHEN s."uuid" IS NOT NULL THEN
      json_build_object('name', s."name", 'config', s."config") END
      ORDER BY e."position")::text
    FROM json_array_elements_text($1::json) WITH ORDINALITY AS e("uuid", "position")
    LEFT JOIN "dtrace_scripts" s ON s."uuid" = e."uuid"::uuid`,
};

/** One statement for several writes in one commit. */
const setMetadata = `UPDATE "dtrace_scripts" s SET "revision" = "revision" + 1, "updated_at" = greatest("updated_at", now()),
      "metadata" = "metadata" || jsonb_build_object(w."parent",
        coalesce("metadata" -> w."parent", '{}') || jsonb_build_object(w."key", w."value"))
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) AS w("uuid", "parent", "key", "value")
    WHERE s."uuid" = w."uuid" AND coalesce(jsonb_typeof("metadata" -> w."parent"), 'object') = 'object'
    RETURNING s."uuid"`;

/** Statements on a PostgreSQL server, prepared once on each connection. There are as many as the gateway has by default. */
export function openPostgresStatements(url: string): Statements {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return {
    first: async (name, values) => {
      const { rows } = await pool.query<unknown[]>({
        name,
        text: sources[name],
        values: [...values],
        rowMode: 'array',
      });
      return rows[0];
    },
    all: async (sql, values) => {
      const { rows } = await pool.query<NamedRow>({ name: sql, text: sql, values: [...values] });
      return rows;
    },
    setMetadata: async (writes) => {
      const { rows } = await pool.query<{ readonly uuid: string }>({
        name: 'setMetadata',
        text: setMetadata,
        values: [
          writes.map(({ uuid }) => uuid),
          writes.map(({ path }) => path[0]),
          writes.map(({ path }) => path[1]),
          writes.map(({ value }) => value),
        ],
      });
      const done = new Set(rows.map(({ uuid }) => uuid));
      return writes.map(({ uuid }) => done.has(uuid));
    },
  };
}

function listOf(rows: string): string {
  return `SELECT coalesce(json_agg(row_to_json(r)), '[]')::text FROM (${rows}) r`;
}
