import type { AuditEvent } from '../audit/audit-event.ts';

/** A place in the audit trail. */
export interface AuditPosition {
  readonly at: Date;
  readonly id: number;
}

export interface RecordedEvent extends AuditEvent, AuditPosition {
  /** Greater than the ids of the events that were recorded before. */
  readonly id: number;
}

/** All conditions must hold. */
export interface AuditFilter {
  readonly userName?: string | undefined;
  readonly scriptUuid?: string | undefined;
  readonly action?: AuditEvent['action'] | undefined;
  readonly outcome?: AuditEvent['outcome'] | undefined;
  /** At or later than. */
  readonly since?: Date | undefined;
  /** Earlier than. */
  readonly until?: Date | undefined;
}

export interface AuditStore {
  /** Records events of actions that changed nothing. Writes record their own events. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first. */
  list(
    page: AuditFilter & { readonly after?: AuditPosition | undefined; readonly limit: number },
  ): Promise<RecordedEvent[]>;
  /** Deletes the oldest events before a time, at most `limit`. @returns how many */
  deleteBefore(at: Date, limit: number): Promise<number>;
}
