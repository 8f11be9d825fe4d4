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

/** Who did what, and who was refused what: recorded, listed, and deleted when it is old. */
export type AuditTrail = ReturnType<typeof createAuditTrail>;

/** Told of events that could not be recorded, and why. */
export type OnLost = (events: readonly AuditEvent[], error: unknown) => void;

const maxUserNameLength = 100;
const maxRefusals = 100;
const maxPageSize = 1_000;

/** Few enough at a time that no writer waits for long, and a pause in which all of them get on. */
const pruneBatch = 500;
const prunePauseMs = 20;

/** @param onLost - without it, what cannot be recorded fails */
export function createAuditTrail({ audit }: Pick<Store, 'audit'>, now: () => Date, onLost: OnLost = fail) {
  return {
    /**
     * Makes a write. One that succeeds takes its event into its own transaction; one that fails is recorded here, with
     * its outcome.
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
        // A write that finds no database has nothing to be recorded in. Should it have happened after all, so has its event.
        if (!(error instanceof ServiceUnavailableError))
          await record([{ ...event, outcome: outcomeOf(error) }]);
        throw error;
      }
    },

    /**
     * Records what somebody was refused in one request: alike refusals once, and at most 100. One event more then says
     * how many were left out.
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
     * A page of events, the latest first, and whether more follow.
     *
     * @throws BadUserInputError when `first` is not from 0 to 1,000, or no user can have that name
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

    /** Deletes the events before a moment, the oldest first. Gives up when it is asked to. @returns how many */
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
