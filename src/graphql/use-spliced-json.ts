import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { stringify } from '../scripts/json-text.ts';

/** Writes answers with stored JSON, and scripts that are texts, as they stand. */
export function useSplicedJson(): Plugin {
  return {
    onResultProcess({ result }) {
      for (const single of Array.isArray(result) ? result : [result]) {
        (single as ExecutionResult & { stringify?: typeof stringify }).stringify = stringify;
      }
    },
  };
}
