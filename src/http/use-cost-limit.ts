import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../config.ts';
import { type CostContext, pricedArguments } from '../schema/field-cost.ts';

type Variables = Readonly<Record<string, unknown>>;

/** How many prices of one operation are remembered, for the values of the variables that they depend on. */
const maxRemembered = 1_000;

/**
 * Refuses to execute what would cost too much: about one for each field of each script that an answer can hold. The
 * operations of one HTTP request share the limit.
 */
export function useCostLimit(limits: Limits): Plugin {
  const { maxCost, maxOperations } = limits;
  const costOf = createCostFunction(limits);
  const spent = new WeakMap<object, number>();
  const addUp = (request: object, cost: number) => {
    const total = cost + (spent.get(request) ?? 0);
    spent.set(request, total);
    return total;
  };
  return {
    onExecute({ args, context, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName);
      // Executing says what is wrong.
      if (!operation) return;
      try {
        const cost = costOf(args.schema, args.document, operation, args.variableValues ?? {});
        if (cost === undefined) return;
        const total = maxOperations > 1 ? addUp(context.request ?? context, cost) : cost;
        if (total > maxCost) throw tooExpensive(total, maxCost, operation);
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

/**
 * Creates a function that prices operations, and remembers prices: many an operation is sent again and again.
 *
 * @returns undefined when the variables are not those of the operation
 * @throws GraphQLError when the operation has too many fields to be priced
 */
function createCostFunction(limits: Limits) {
  const priced = new WeakMap<
    OperationDefinitionNode,
    { readonly variables: readonly string[]; readonly costs: Map<string, number> }
  >();
  return (
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    values: Variables,
  ): number | undefined => {
    let known = priced.get(operation);
    if (known === undefined) {
      known = { variables: pricedVariables(document), costs: new Map() };
      priced.set(operation, known);
    }
    const key = known.variables.map((name) => sizeOf(values, name)).join();
    let cost = known.costs.get(key);
    if (cost === undefined) {
      cost = compute(schema, document, operation, values, limits);
      if (cost === undefined) return undefined;
      if (known.costs.size >= maxRemembered) known.costs.clear();
      known.costs.set(key, cost);
    }
    return cost;
  };
}

function compute(
  schema: GraphQLSchema,
  query: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): number | undefined {
  const context: CostContext = { ...limits, typeCount: Object.keys(schema.getTypeMap()).length };
  const name = operation.name?.value;
  try {
    return getComplexity({
      schema,
      query,
      variables,
      estimators,
      context,
      ...(name === undefined ? {} : { operationName: name }),
    });
  } catch (error) {
    if (getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors) return undefined;
    // Only the library's own bound says no place; else an argument is wrong.
    if (!(error instanceof GraphQLError) || error.nodes !== undefined) throw error;
    const message =
      'With its fragments spread, the operation has too many fields. Spread each of them less often.';
    throw new GraphQLError(message, { nodes: operation });
  }
}

/** `types` is the list that makes an introspection long; the lists below it are short. */
const typesOfSchema: ComplexityEstimator = ({ type, field, childComplexity, context }) =>
  type.name === '__Schema' && field.name === 'types' ? 1 + context?.typeCount * childComplexity : undefined;

const estimators: ComplexityEstimator[] = [
  typesOfSchema,
  fieldExtensionsEstimator(),
  ({ childComplexity }) => 1 + childComplexity,
];

/** The variables that the price of a document's operations depends on. */
function pricedVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (value.kind === 'Variable' && pricedArguments.has(name.value)) names.add(value.name.value);
    },
  });
  return [...names];
}

/** What a price depends on: a number or a truth as it is, a list by its length, anything else by its type. */
function sizeOf(values: Variables, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}
