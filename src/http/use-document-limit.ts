import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses documents of more than so many tokens, and those that are nested too deeply to be read. */
export function useDocumentLimit(maxTokens: number): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: Parameters<typeof parseFn>[0], options: Parameters<typeof parseFn>[1]) => {
        try {
          return parseFn(source, { ...options, maxTokens });
        } catch (error) {
          if (error instanceof GraphQLError && /more tha[nt] \d+ tokens/.test(error.message)) {
            throw new GraphQLError(
              `Syntax Error: The document has more than ${maxTokens} tokens. Send values as variables, or several requests (MAX_DOCUMENT_TOKENS).`,
              { source: error.source ?? null, positions: error.positions ?? null },
            );
          }
          // The parser calls itself at every level, until the stack is exhausted.
          if (!(error instanceof RangeError)) throw error;
          throw new GraphQLError(
            'Syntax Error: The document is nested too deeply. Send large values as variables.',
          );
        }
      });
    },
  };
}
