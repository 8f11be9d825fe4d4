import { type AuditAction, refusalOf } from '../audit/audit-event.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayContext } from './context.ts';

/** Names the action under which the audit trail records refusals of a guarded field or object. */
export function recordedAs(action: AuditAction): { readonly action: AuditAction } {
  return { action };
}

/**
 * Adds a refusal to those of the request. The audit trail records them together before the answer is sent. Refusals of
 * callers without a token are not recorded: there would be too many, and they name nobody.
 *
 * @returns the refusal
 */
export function recordRefusal<Error extends GatewayError>(
  refusal: Error,
  action: AuditAction,
  context: GatewayContext,
): Error {
  if (context.viewer !== null && refusal.code === 'FORBIDDEN') {
    context.refusals ??= [];
    context.refusals.push(refusalOf(refusal, action));
  }
  return refusal;
}
