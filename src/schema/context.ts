import type { Origin, Refusal } from '../audit/audit-event.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { AccountOperations } from '../operations/account-operations.ts';
import type { AnswerBudget } from '../operations/answer-budget.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import type { ParsedMetadata } from './parsed-metadata.ts';

/** The context of all resolvers of one request. */
export interface GatewayContext {
  /** The caller; null without a token. A write may add permissions to the viewer. */
  viewer: Viewer | null;
  readonly scripts: ScriptOperations;
  readonly accounts: AccountOperations;
  readonly trail: AuditTrail;
  /** How many bytes the request may still read and answer. */
  readonly budget: AnswerBudget;
  /** Who sent the request, and from where, for the audit trail. */
  origin(): Origin;
  /** The refusals so far, for the audit trail; absent without any. */
  refusals?: Refusal[];
  /** The metadata documents that the request has parsed; absent before the first. */
  parsedMetadata?: ParsedMetadata;
}
