import type { AuditEvent } from '../../src/audit/audit-event.ts';
import { localOrigin } from '../../src/operations/local-origin.ts';

/** An audit event for direct writes to the store. */
export function anyEvent(): AuditEvent {
  return {
    ...localOrigin(),
    at: new Date(),
    action: 'CREATE_SCRIPT',
    outcome: 'SUCCEEDED',
    permission: null,
    scriptUuid: null,
    target: null,
  };
}
