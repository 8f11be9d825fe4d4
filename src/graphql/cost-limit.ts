import { type ExecutionArgs, GraphQLError, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import type { OperationContext } from './operation-context.ts';
import type { PreparedOperation } from './prepared-document.ts';

/** The variables of a larger body are checked first, up to the first mistake. */
const maxBodyBytes = 64 * 1024;

/** Finds out whether an operation costs too much. */
export type CostLimit = (
  operation: PreparedOperation,
  args: ExecutionArgs,
) => readonly GraphQLError[] | undefined;

/**
 * Creates the cost limit of requests: about 1 for each field of each script that an answer can hold. The operations of one
 * HTTP request share the limit.
 */
export function createCostLimit(maxCost: number): CostLimit {
  return (operation, args) => {
    const { spent, request } = args.contextValue as OperationContext;
    // GraphQL repeats the whole value in the message of each mistake.
    const areChecked = request.body.byteLength > maxBodyBytes;
    const mistakes = areChecked ? firstMistake(args, operation.node) : undefined;
    if (mistakes) return mistakes;
    try {
      spent.cost += operation.price(args.variableValues ?? {}, { areChecked }) ?? 0;
      return spent.cost > maxCost ? [tooExpensive(spent.cost, maxCost, operation.node)] : undefined;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  };
}

/** Checks the beginning of each value first: the message repeats the value, and most mistakes repeat, too. */
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
