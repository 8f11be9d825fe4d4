import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import type { Limits } from '../config.ts';

/** How many scripts a list is taken to hold when `first` does not say. */
const assumedListSize = 1_000;

/** What preparing a page may take besides its scripts, such as counting the whole list. */
const pageCost = 100;

/** The arguments that prices depend on; `if` is that of `@skip` and `@include`. */
export const pricedArguments: ReadonlySet<string> = new Set(['first', 'uuids', 'representations', 'if']);

/** What a cost may depend on besides the document and its variables: the `context` of the library. */
export type CostContext = Pick<Limits, 'maxListSize' | 'maxBatchSize'> & { readonly typeCount: number };

type Cost = { readonly complexity: (field: ComplexityEstimatorArgs) => number };

// A field without one of these costs one, and whatever is asked for below it.

/** A list of `first` scripts: what is asked of one script, for each of them. */
export const listCost: Cost = {
  complexity: (field) => 1 + lengthOf(field) * field.childComplexity,
};

/** A page of `first` scripts. */
export const connectionCost: Cost = {
  complexity: (field) => pageCost + lengthOf(field) * field.childComplexity,
};

/** A look-up of as many scripts as the argument has elements. */
export function batchCost(argument: 'uuids' | 'representations'): Cost {
  return {
    complexity: ({ args, childComplexity, context }) =>
      1 + allowed(args[argument].length, limitsOf(context).maxBatchSize) * childComplexity,
  };
}

/** A write, which waits for the disk. */
export const writeCost: Cost = { complexity: ({ childComplexity }) => 100 + childComplexity };

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
