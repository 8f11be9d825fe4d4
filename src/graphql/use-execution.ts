import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AnswerTooLargeError } from '../errors.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { createCostLimit } from './cost-limit.ts';
import { createOperationObserver } from './observe-operations.ts';
import type { OperationContext } from './operation-context.ts';
import type { PreparedOperation } from './prepared-document.ts';

export interface ExecutionDependencies {
  readonly maxCost: number;
  readonly trail: AuditTrail;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

/**
 * Executes every operation, step by step, with the executor of graphql-js. Nothing of a document is ever compiled.
 *
 * The steps are one function: a hook for each would cost as much as they do.
 */
export function useExecution(dependencies: ExecutionDependencies): Plugin<OperationContext> {
  const { maxCost, trail, log, metrics, tracing } = dependencies;
  const limitCost = createCostLimit(maxCost);
  const observe = createOperationObserver(log, metrics);
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(executeOperation);
    },
  };

  async function executeOperation(args: ExecutionArgs): Promise<ExecutionResult> {
    const context = args.contextValue as OperationContext;
    const operation = context.prepared?.operation(args.operationName);
    // The executor says what is wrong with the name.
    if (operation === undefined) return execute(args);
    const errors = limitCost(operation, args);
    if (errors) return { errors };

    const beganAtMs = performance.now();
    const result = limitAnswer(await run(operation, args));
    observe(operation, context, result, beganAtMs);
    // Before the answer: what was refused is on record when the caller learns of it.
    if (context.refusals) await trail.refused(context.origin(), context.refusals);
    return result;
  }

  function run({ schema, node: { operation, name } }: PreparedOperation, args: ExecutionArgs) {
    const runs = () => execute({ ...args, schema });
    return tracing ? tracing.operation(operation, name?.value, runs) : runs();
  }
}

/** An answer that would be too large is one error, and no data. */
function limitAnswer(result: ExecutionResult): ExecutionResult {
  const error = result.errors?.find(
    ({ originalError }: GraphQLError) => originalError instanceof AnswerTooLargeError,
  );
  return error ? { errors: [error] } : result;
}
