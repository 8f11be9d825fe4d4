import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from './operation-context.ts';

/**
 * Refuses to execute what would cost too much: about one for each field of each script that an answer can hold. The
 * operations of one HTTP request share the limit.
 */
export function useCostLimit(maxCost: number): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { prepared, spent } = args.contextValue as OperationContext;
      const operation = prepared?.operation(args.operationName);
      // Executing says what is wrong.
      if (operation === undefined) return;
      try {
        const cost = operation.price(args.variableValues ?? {});
        if (cost === undefined) return;
        spent.cost += cost;
        if (spent.cost > maxCost) throw tooExpensive(spent.cost, maxCost, operation.node);
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        setResultAndStopExecution({ errors: [error] });
      }
    },
  };
}

function tooExpensive(cost: number, maxCost: number, nodes: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(
    `The request costs ${cost}, and at most ${maxCost} is allowed (MAX_COST): about 1 for each field of each script that it can answer. Give lists a smaller "first", or ask for fewer fields.`,
    { nodes },
  );
}
