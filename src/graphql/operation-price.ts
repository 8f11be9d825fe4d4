import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config.ts';
import { type CostContext, pricedArguments } from '../schema/field-cost.ts';
import type { PreparedOperation } from './prepared-document.ts';

type Variables = Readonly<Record<string, unknown>>;

/** How many prices of one operation are kept, for the values of the variables that they depend on. */
const maxPrices = 20;
/** A longer text of those values is not worth keeping. */
const maxShapeLength = 200;

/** Creates the function that prices an operation, and keeps the prices used last: most operations come again. */
export function createPrice(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Limits,
): PreparedOperation['price'] {
  const names = pricedVariables(document);
  const prices = new LRUCache<string, number>({ max: maxPrices });
  return (variables) => {
    const shape = names
      .map((name) => shapeOf(Object.hasOwn(variables, name) ? variables[name] : undefined))
      .join();
    const known = prices.get(shape);
    if (known !== undefined) return known;
    const price = compute(schema, document, operation, variables, limits);
    if (price !== undefined && shape.length <= maxShapeLength) prices.set(shape, price);
    return price;
  };
}

function compute(
  schema: GraphQLSchema,
  query: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): number | undefined {
  // The library would look for every error of the variables, however many there are.
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  if (errors) return undefined;
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

/** The variables that the price of a document's operations depends on, wherever in a priced argument they stand. */
function pricedVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (!pricedArguments.has(name.value)) return;
      visit(value, { Variable: (variable) => void names.add(variable.name.value) });
    },
  });
  return [...names];
}

/**
 * What of a value a price can depend on: a number or a boolean as it is, a list by its length, an object by its members,
 * anything else by its type.
 */
function shapeOf(value: unknown, depth = 3): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || depth === 0)
    return value === null ? 'null' : typeof value;
  const members = Object.entries(value).slice(0, 20);
  return `{${members.map(([key, member]) => `${key}:${shapeOf(member, depth - 1)}`).join()}}`;
}
