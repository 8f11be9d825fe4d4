import type { Plugin } from 'graphql-yoga';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { GatewayContext } from '../schema/context.ts';

/** Records what was refused while an operation was executed, before it is answered. */
export function useRefusalRecords(trail: AuditTrail): Plugin<GatewayContext> {
  const hooks = {
    onExecuteDone({ args }: { readonly args: { readonly contextValue: GatewayContext } }) {
      const { refusals, origin } = args.contextValue;
      return refusals && trail.refused(origin(), refusals);
    },
  };
  return { onExecute: () => hooks };
}
