import type { AuditEvent } from '../../audit/audit-event.ts';
import { auditActions, auditDoorways, auditOutcomes } from '../../audit/audit-event.ts';
import { type Columns, oneOf, optional, text, time, uuid } from '../sql/columns.ts';

/** The columns of `"audit_events"`, except the number that the database gives. */
export const auditColumns = {
  at: time('at'),
  action: oneOf('action', Object.keys(auditActions)),
  outcome: oneOf('outcome', auditOutcomes),
  via: oneOf('via', auditDoorways),
  requestId: optional(text('request_id')),
  userId: optional(uuid('user_id')),
  userName: optional(text('user_name')),
  tokenId: optional(uuid('token_id')),
  address: optional(text('address')),
  permission: optional(text('permission')),
  scriptUuid: optional(uuid('script_uuid')),
  target: optional(text('target')),
} as const satisfies Columns<keyof AuditEvent>;

/** The names of the columns in the order above. */
export const auditColumnNames = Object.keys(auditColumns) as readonly (keyof AuditEvent)[];
