import type { Plugin } from 'graphql-yoga';
import { type Logger, rounded, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { OperationContext } from './operation-context.ts';
import type { PreparedOperation } from './prepared-document.ts';

/** Counts and times the operations that are executed, and logs them at the level `debug`. */
export function useOperationTelemetry(log: Logger, metrics: Metrics): Plugin<OperationContext> {
  const isLogged = log.isLevelEnabled('debug');

  return {
    onExecute({ args: { operationName, contextValue } }) {
      const context = contextValue as OperationContext;
      const operation = context.prepared?.operation(operationName);
      // The executor says what is wrong with the name.
      if (operation === undefined) return undefined;
      const beganAtMs = performance.now();
      return {
        onExecuteDone({ result }) {
          // Without data nothing was executed: the variables were refused, or the operation as a whole.
          if (!('data' in result) || result.data === undefined) return;
          const durationMs = performance.now() - beganAtMs;
          const { operation: type } = operation.node;
          metrics.operations.of(type).observe(durationMs / 1000);
          for (const field of operation.rootFields) metrics.rootFields.count(`${type} ${field}`);
          if (isLogged) logOperation(operation, context, durationMs);
        },
      };
    },
  };

  function logOperation(
    { node: { operation: type, name } }: PreparedOperation,
    { request, viewer }: OperationContext,
    durationMs: number,
  ): void {
    const operation = name && shorten(name.value);
    const user = viewer && shorten(viewer.name);
    const requestId = request.id;
    log.debug({ event: 'operation', requestId, user, type, operation, durationMs: rounded(durationMs) });
  }
}
