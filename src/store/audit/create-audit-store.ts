import { empty, join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Database } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { AuditStore, RecordedEvent } from '../store.ts';

/** The audit trail in the database, ordered by time and, within a moment, by the order of recording. */
export function createAuditStore(client: PrismaClient, database: Database, dialect: Dialect): AuditStore {
  return {
    record: async (events) => void (await client.auditEvent.createMany({ data: [...events] })),

    list: ({ userName, scriptUuid, action, outcome, since, until, after, limit }) => {
      const conditions = [
        userName === undefined ? empty : sql`"user_name" = ${userName}`,
        scriptUuid === undefined ? empty : sql`"script_uuid" = ${dialect.uuid(scriptUuid)}`,
        action === undefined ? empty : sql`"action" = ${action}`,
        outcome === undefined ? empty : sql`"outcome" = ${outcome}`,
        since === undefined ? empty : sql`"at" >= ${since}`,
        until === undefined ? empty : sql`"at" < ${until}`,
        after === undefined ? empty : sql`("at", "id") < (${after.at}, ${after.id})`,
      ].filter((condition) => condition !== empty);
      return database.query<RecordedEvent>(
        sql`SELECT ${selected} FROM "audit_events"
          WHERE ${conditions.length === 0 ? sql`TRUE` : join(conditions, ' AND ')}
          ORDER BY "at" DESC, "id" DESC LIMIT ${limit}`,
        { isPlannedAnew: true },
      );
    },

    deleteBefore: async (at, limit) => {
      const deleted = await database.write(sql`
        DELETE FROM "audit_events" WHERE "id" IN
          (SELECT "id" FROM "audit_events" WHERE "at" < ${at} ORDER BY "at", "id" LIMIT ${limit})
        RETURNING "id"`);
      return deleted.length;
    },
  };
}

/** The record of a write that `Database.write` takes: it is made with the write, or neither is. */
export function recordOf(event: AuditEvent): Sql {
  return sql`
    INSERT INTO "audit_events" ("at", "action", "outcome", "via", "request_id", "user_id", "user_name", "token_id",
      "address", "permission", "script_uuid", "target")
    SELECT ${event.at}, ${event.action}, ${event.outcome}, ${event.via}, ${event.requestId}, ${event.userId},
      ${event.userName}, ${event.tokenId}, ${event.address}, ${event.permission}, ${event.scriptUuid},
      ${event.target} FROM "written"`;
}

const columns = {
  id: 'id',
  at: 'at',
  action: 'action',
  outcome: 'outcome',
  via: 'via',
  requestId: 'request_id',
  userId: 'user_id',
  userName: 'user_name',
  tokenId: 'token_id',
  address: 'address',
  permission: 'permission',
  scriptUuid: 'script_uuid',
  target: 'target',
} as const satisfies Record<keyof RecordedEvent, string>;

const selected = raw(
  Object.entries(columns)
    .map(([name, column]) => `"${column}" AS "${name}"`)
    .join(', '),
);
