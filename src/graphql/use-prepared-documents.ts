import { GraphQLError, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from './operation-context.ts';
import type { PreparedDocument } from './prepared-document.ts';

/** Parses and validates each document once, and hands on what is known of it. */
export function usePreparedDocuments(
  prepare: (source: string) => PreparedDocument | GraphQLError,
  rules: readonly ValidationRule[],
): Plugin<OperationContext> {
  return {
    onParse({ context, params, setParsedDocument }) {
      const prepared = prepare(String(params.source));
      if (prepared instanceof GraphQLError) throw prepared;
      (context as { prepared?: PreparedDocument }).prepared = prepared;
      setParsedDocument(prepared.document);
    },
    onValidate({ context, addValidationRule, setResult }) {
      const { prepared } = context;
      if (prepared?.errors) {
        setResult(prepared.errors as GraphQLError[]);
        return undefined;
      }
      for (const rule of rules) addValidationRule(rule);
      return ({ result }) => {
        if (prepared) prepared.errors = result as readonly GraphQLError[];
      };
    },
  };
}
