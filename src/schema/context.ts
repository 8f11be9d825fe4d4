import type { Origin, Refusal } from '../audit/audit-event.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { AccountOperations } from '../operations/account-operations.ts';
import type { AnswerBudget } from '../operations/answer-budget.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';

/** What is known of a request before its operation is looked at. */
export interface RequestContext {
  /** Who asks; null when the request carries no token. A write may extend what the viewer holds. */
  viewer: Viewer | null;
}

/** What every resolver of one request is given. */
export interface GatewayContext extends RequestContext {
  readonly scripts: ScriptOperations;
  readonly accounts: AccountOperations;
  readonly trail: AuditTrail;
  /** How much the request may still read and answer. */
  readonly budget: AnswerBudget;
  /** Who asks, and from where, for the audit trail. */
  origin(): Origin;
  /** What was refused so far, for the audit trail; absent as long as nothing was. */
  refusals?: Refusal[];
}
