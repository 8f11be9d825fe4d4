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

type Variables = Readonly<Record<string, unknown>>;

/**
 * The cost of an operation with these variables; undefined when the variables do not fit the operation.
 *
 * @param options - `areChecked`: the variables are known to fit, and are not checked again
 * @throws GraphQLError when it has too many fields to be priced
 */
export type Price = (variables: Variables, options?: { readonly areChecked?: boolean }) => number | undefined;

/** Prices cached per operation, by the values of the variables that they depend on. */
const maxPrices = 20;
/** Longer keys are not cached. */
const maxShapeLength = 200;

/** Creates the function that prices an operation. It caches the prices used last, since most operations repeat. */
export function createPrice(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Limits,
): Price {
  const names = pricedVariables(document);
  const prices = new LRUCache<string, number>({ max: maxPrices });
  return (variables, { areChecked = false } = {}) => {
    const shape = names
      .map((name) => shapeOf(Object.hasOwn(variables, name) ? variables[name] : undefined))
      .join();
    const known = prices.get(shape);
    if (known !== undefined) return known;
    // The library would collect every error of the variables, however many there are.
    if (!areChecked && haveMistake(schema, operation, variables)) return undefined;
    const price = compute(schema, document, operation, variables, limits);
    if (shape.length <= maxShapeLength) prices.set(shape, price);
    return price;
  };
}

function haveMistake(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): boolean {
  return getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 }).errors !== undefined;
}

function compute(
  schema: GraphQLSchema,
  query: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): number {
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
    // Only the error of the library's own bound has no place; any other is a wrong argument.
    if (!(error instanceof GraphQLError) || error.nodes !== undefined) throw error;
    const message =
      'With its fragments spread, the operation has too many fields. Spread each of them less often.';
    throw new GraphQLError(message, { nodes: operation });
  }
}

/** `types` makes an introspection long; the other lists are short. */
const typesOfSchema: ComplexityEstimator = ({ type, field, childComplexity, context }) =>
  type.name === '__Schema' && field.name === 'types' ? 1 + context?.typeCount * childComplexity : undefined;

const estimators: ComplexityEstimator[] = [
  typesOfSchema,
  fieldExtensionsEstimator(),
  ({ childComplexity }) => 1 + childComplexity,
];

/** The variables inside priced arguments: the price of the document's operations depends on them. */
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
 * The part of a value that a price can depend on: a number or boolean itself, the length of a list, the members of an
 * object, the type of anything else.
 */
function shapeOf(value: unknown, depth = 3): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || depth === 0)
    return value === null ? 'null' : typeof value;
  const members = Object.entries(value).slice(0, 20);
  return `{${members.map(([key, member]) => `${key}:${shapeOf(member, depth - 1)}`).join()}}`;
}
