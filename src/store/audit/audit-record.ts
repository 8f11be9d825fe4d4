import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { listOf } from '../sql/columns.ts';
import { auditColumnNames, auditColumns } from './audit-columns.ts';

/** The statement that records an event, as a record of `SqlDatabase.write`: in the transaction of the write. */
export function recordOf(event: AuditEvent): Sql {
  return sql`
    INSERT INTO "audit_events" (${listOf(auditColumns)})
    SELECT ${join(auditColumnNames.map((name) => event[name]))} FROM "written"`;
}
