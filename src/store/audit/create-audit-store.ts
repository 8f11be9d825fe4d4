import { empty, join, sqltag as sql } from '@prisma/client/runtime/client';
import { integer, selectionOf } from '../sql/columns.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { AuditStore, RecordedEvent } from '../store.ts';
import { auditColumns } from './audit-columns.ts';

/** Creates the audit trail of a database. Events are ordered by time; events of one time in the order of recording. */
export function createAuditStore(client: PrismaClient, database: SqlDatabase, dialect: Dialect): AuditStore {
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
        sql`SELECT ${selection} FROM "audit_events"
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

const selection = selectionOf({ id: integer('id'), ...auditColumns });
