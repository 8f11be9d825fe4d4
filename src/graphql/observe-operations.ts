import type { ExecutionResult } from 'graphql';
import { type Logger, rounded, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { OperationContext } from './operation-context.ts';
import type { PreparedOperation } from './prepared-document.ts';

/** Counts and times an operation that was executed, and logs it at the level `debug`. */
export type ObserveOperation = (
  operation: PreparedOperation,
  context: OperationContext,
  result: ExecutionResult,
  beganAtMs: number,
) => void;

export function createOperationObserver(log: Logger, metrics: Metrics): ObserveOperation {
  const isLogged = log.isLevelEnabled('debug');

  return (operation, context, { data }, beganAtMs) => {
    // Without data nothing was executed: the variables or the operation were refused.
    if (data === undefined) return;
    const durationMs = performance.now() - beganAtMs;
    const { operation: type } = operation.node;
    metrics.operations.of(type).observe(durationMs / 1000);
    for (const field of operation.rootFields) metrics.rootFields.count(`${type} ${field}`);
    if (isLogged) logOperation(operation, context, durationMs);
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
