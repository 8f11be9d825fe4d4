import { type AuditAction, refusalOf } from '../audit/audit-event.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayContext } from './context.ts';

/** Says of a guarded field, or of a guarded object, as what its refusals stand in the audit trail. */
export function recordedAs(action: AuditAction): { readonly action: AuditAction } {
  return { action };
}

/**
 * Notes a refusal for the audit trail, which takes all of a request together before it is answered. Of callers without a
 * token there is nothing to say, and too many of them.
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
