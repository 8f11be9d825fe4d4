import { type ExecutionArgs, GraphQLError, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import type { OperationContext } from './operation-context.ts';

/** Variables of a larger body are checked before anything else, up to the first mistake. */
const maxBodyBytes = 64 * 1024;

/**
 * Refuses to execute what would cost too much: about one for each field of each script that an answer can hold. The
 * operations of one HTTP request share the limit.
 */
export function useCostLimit(maxCost: number): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { prepared, spent, request } = args.contextValue as OperationContext;
      const operation = prepared?.operation(args.operationName);
      // Executing says what is wrong.
      if (operation === undefined) return;
      // Each mistake in them would be told with the whole value that holds it.
      const mistakes =
        request.body.byteLength > maxBodyBytes ? firstMistake(args, operation.node) : undefined;
      if (mistakes) {
        setResultAndStopExecution({ errors: mistakes });
        return;
      }
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

/** A mistake is told with the value that holds it. The beginning of a value has one if the whole has, or nearly always. */
function firstMistake(
  { schema, variableValues }: ExecutionArgs,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly GraphQLError[] | undefined {
  const values = variableValues ?? {};
  for (const some of [beginningOf(values), values]) {
    const { errors } = getVariableValues(schema, variableDefinitions, some, { maxErrors: 1 });
    if (errors) return errors;
  }
  return undefined;
}

/** More members than any input object has fields. */
const maxMembers = 50;

function beginningOf(value: JsonObject): JsonObject {
  const members = Object.entries(value).slice(0, maxMembers);
  return Object.fromEntries(
    members.map(([key, member]) => [key, isJsonObject(member) ? beginningOf(member) : member]),
  );
}

function tooExpensive(cost: number, maxCost: number, nodes: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(
    `The request costs ${cost}, and at most ${maxCost} is allowed (MAX_COST): about 1 for each field of each script that it can answer. Give lists a smaller "first", or ask for fewer fields.`,
    { nodes },
  );
}
