import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AuditEvent,
  type AuditedAction,
  type AuditOutcome,
  eventOf,
  type Origin,
  type Refusal,
} from '../audit/audit-event.ts';
import { BadUserInputError, GatewayError, ServiceUnavailableError } from '../errors.ts';
import { findTextFault } from '../json/json-value.ts';
import { scriptUuidOf } from '../permissions/permission.ts';
import type { AuditFilter, AuditPosition, Store } from '../store/store.ts';
import { checkLength } from './script-rules.ts';

/** Records, lists and deletes audit events. */
export type AuditTrail = ReturnType<typeof createAuditTrail>;

/** Called with events that could not be recorded, and the error. */
export type OnLost = (events: readonly AuditEvent[], error: unknown) => void;

const maxUserNameLength = 100;
const maxRefusals = 100;
const maxPageSize = 1_000;

/** Events are deleted in small batches with pauses, so that other writers need not wait for long. */
const pruneBatch = 500;
const prunePauseMs = 20;

/** @param onLost - by default, an event that cannot be recorded is an error */
export function createAuditTrail({ audit }: Pick<Store, 'audit'>, now: () => Date, onLost: OnLost = fail) {
  return {
    /**
     * Runs a write. If it succeeds, it stores its event in its own transaction. If it fails, its event is recorded here,
     * with the code of the error.
     */
    async attempt<Result>(
      origin: Origin,
      action: AuditedAction,
      write: (event: AuditEvent) => Promise<Result>,
    ): Promise<Result> {
      const event = eventOf(origin, action, now());
      try {
        return await write(event);
      } catch (error) {
        // Without a database nothing can be recorded. If the write succeeded after all, so did its event.
        if (!(error instanceof ServiceUnavailableError))
          await record([{ ...event, outcome: outcomeOf(error) }]);
        throw error;
      }
    },

    /**
     * Records the refusals of one request. Identical refusals are recorded once, and at most 100 different ones. One more
     * event counts the rest.
     */
    async refused(origin: Origin, refusals: readonly Refusal[]): Promise<void> {
      const at = now();
      const different = new Map(
        refusals.map((refusal) => [`${refusal.action} ${refusal.permission}`, refusal]),
      );
      const events = [...different.values()].map(
        ({ action, outcome, permission }): AuditEvent => ({
          ...eventOf(origin, { action, scriptUuid: scriptUuidOf(permission?.split('->') ?? []) }, at),
          outcome,
          permission,
        }),
      );
      const [leftOut, ...more] = events.splice(maxRefusals);
      if (leftOut !== undefined) {
        const target = `${more.length + 1} more refusals of the same request`;
        events.push({ ...leftOut, permission: null, scriptUuid: null, target });
      }
      await record(events);
    },

    /**
     * Lists a page of events, the latest first. `hasMore` says whether there is a next page.
     *
     * @throws BadUserInputError if `first` is not from 0 to 1,000, or `userName` cannot be a name
     */
    async list(filter: AuditFilter, first: number, after?: AuditPosition) {
      if (first < 0 || first > maxPageSize) {
        throw new BadUserInputError('first', `it must be from 0 to ${maxPageSize}, not ${first}.`);
      }
      checkLength('filter.userName', filter.userName ?? '', maxUserNameLength);
      const fault = findTextFault(filter.userName ?? '');
      if (fault !== undefined) throw new BadUserInputError('filter.userName', fault);
      const events = await audit.list({ ...filter, after, limit: first + 1 });
      return { events: events.slice(0, first), hasMore: events.length > first };
    },

    /** Deletes the events before a time, the oldest first, until `signal` aborts. @returns the number of deleted events */
    async prune(before: Date, signal?: AbortSignal): Promise<number> {
      let total = 0;
      for (;;) {
        const deleted = await audit.deleteBefore(before, pruneBatch);
        total += deleted;
        if (deleted < pruneBatch || signal?.aborted) return total;
        await sleep(prunePauseMs);
      }
    },
  };

  async function record(events: readonly AuditEvent[]): Promise<void> {
    try {
      await audit.record(events);
    } catch (error) {
      onLost(events, error);
    }
  }
}

function outcomeOf(error: unknown): AuditOutcome {
  return error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR';
}

function fail(_: readonly AuditEvent[], error: unknown): never {
  throw error;
}
