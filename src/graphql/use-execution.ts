import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Tracing } from '../telemetry/tracing.ts';
import type { OperationContext } from './operation-context.ts';

/**
 * Executes every operation with the executor of graphql-js, by the schema that suits the operation. Nothing of a document
 * is ever compiled.
 */
export function useExecution(tracing: Tracing | undefined): Plugin<OperationContext> {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args) => {
        const { prepared } = args.contextValue as OperationContext;
        const operation = prepared?.operation(args.operationName);
        if (operation === undefined) return execute(args);
        const run = () => execute({ ...args, schema: operation.schema });
        return tracing ? tracing.operation(operation.node.operation, operation.node.name?.value, run) : run();
      });
    },
  };
}
