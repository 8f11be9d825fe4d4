import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import type { Limits } from '../config.ts';

/** The assumed length of a list without `first`. */
const assumedListSize = 1_000;

/** The cost of a page besides its scripts, such as counting the whole list. */
const pageCost = 100;

/** The arguments that change a cost; `if` belongs to `@skip` and `@include`. */
export const pricedArguments: ReadonlySet<string> = new Set([
  'first',
  'filter',
  'uuids',
  'representations',
  'if',
]);

/** What a cost depends on besides the document and its variables: the `context` of the library. */
export type CostContext = Pick<Limits, 'maxListSize' | 'maxBatchSize'> & { readonly typeCount: number };

type Cost = { readonly complexity: (field: ComplexityEstimatorArgs) => number };

// A field without one of these costs 1, plus the cost of its selection.

/** A list of `first` scripts: the cost of the selection, times the length. */
export const listCost: Cost = {
  complexity: (field) => 1 + filterCost(field) + lengthOf(field) * field.childComplexity,
};

/** A page of `first` scripts. */
export const connectionCost: Cost = {
  complexity: (field) => pageCost + filterCost(field) + lengthOf(field) * field.childComplexity,
};

/** The cost of an element of a batch besides its fields: each may be refused with its own error. */
const elementCost = 5;

/** The cost of a filter condition: it may be checked for every script of the library. */
const conditionCost = 500;

/** A look-up of the scripts that the argument lists. */
export function batchCost(argument: 'uuids' | 'representations'): Cost {
  return {
    complexity: ({ args, childComplexity, context }) =>
      1 + allowed(args[argument].length, limitsOf(context).maxBatchSize) * (elementCost + childComplexity),
  };
}

/** A write: it waits for the disk. */
export const writeCost: Cost = { complexity: ({ childComplexity }) => 100 + childComplexity };

/** `contains` on the name, and each condition on the metadata, may be checked for every script. */
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

/** A length beyond its own limit costs nothing here: another check refuses it with its own message. */
function allowed(length: number, most: number): number {
  return length >= 0 && length <= most ? length : 0;
}

function limitsOf(context: ComplexityEstimatorArgs['context']): CostContext {
  return context as CostContext;
}
