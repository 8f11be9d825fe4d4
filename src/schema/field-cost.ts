import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import type { Limits } from '../config.ts';

/** How many scripts a list is taken to hold when `first` does not say. */
const assumedListSize = 1_000;

/** What preparing a page may take besides its scripts, such as counting the whole list. */
const pageCost = 100;

/** The arguments that prices depend on; `if` is that of `@skip` and `@include`. */
export const pricedArguments: ReadonlySet<string> = new Set([
  'first',
  'filter',
  'uuids',
  'representations',
  'if',
]);

/** What a cost may depend on besides the document and its variables: the `context` of the library. */
export type CostContext = Pick<Limits, 'maxListSize' | 'maxBatchSize'> & { readonly typeCount: number };

type Cost = { readonly complexity: (field: ComplexityEstimatorArgs) => number };

// A field without one of these costs one, and whatever is asked for below it.

/** A list of `first` scripts: what is asked of one script, for each of them. */
export const listCost: Cost = {
  complexity: (field) => 1 + filterCost(field) + lengthOf(field) * field.childComplexity,
};

/** A page of `first` scripts. */
export const connectionCost: Cost = {
  complexity: (field) => pageCost + filterCost(field) + lengthOf(field) * field.childComplexity,
};

/** What an element of a batch costs besides its fields: each may be refused, with an error of its own. */
const elementCost = 5;

/** What a condition of a filter costs, which may be checked for every script of the library. */
const conditionCost = 500;

/** A look-up of as many scripts as the argument has elements. */
export function batchCost(argument: 'uuids' | 'representations'): Cost {
  return {
    complexity: ({ args, childComplexity, context }) =>
      1 + allowed(args[argument].length, limitsOf(context).maxBatchSize) * (elementCost + childComplexity),
  };
}

/** A write, which waits for the disk. */
export const writeCost: Cost = { complexity: ({ childComplexity }) => 100 + childComplexity };

/** A name that is to be contained is looked for in every script, as is a condition on the metadata. */
function filterCost({ args }: ComplexityEstimatorArgs): number {
  const { name, metadata } = (args.filter ?? {}) as {
    readonly name?: { readonly contains?: string | null } | null;
    readonly metadata?: readonly unknown[] | null;
  };
  return ((metadata?.length ?? 0) + (name?.contains == null ? 0 : 1)) * conditionCost;
}

function lengthOf({ args, context }: ComplexityEstimatorArgs): number {
  const { maxListSize } = limitsOf(context);
  return allowed(args.first ?? Math.min(assumedListSize, maxListSize), maxListSize);
}

/** What is beyond its own limit is refused in its own words, and answers nothing. */
function allowed(length: number, most: number): number {
  return length >= 0 && length <= most ? length : 0;
}

function limitsOf(context: ComplexityEstimatorArgs['context']): CostContext {
  return context as CostContext;
}
