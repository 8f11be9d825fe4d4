import type { ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from './operation-context.ts';
import type { Documents, PreparedDocument } from './prepared-document.ts';

/** Parses and validates each document once, and puts what is known about it into the context. */
export function usePreparedDocuments(
  documents: Documents,
  rules: readonly ValidationRule[],
): Plugin<OperationContext> {
  return {
    onParse({ context, params, setParsedDocument }) {
      const prepared = documents.prepare(String(params.source));
      (context as { prepared?: PreparedDocument }).prepared = prepared;
      setParsedDocument(prepared.document);
    },
    onValidate({ context: { prepared, params }, addValidationRule, setResult }) {
      if (prepared?.isValid) {
        setResult([]);
        return undefined;
      }
      for (const rule of rules) addValidationRule(rule);
      return ({ valid }) => {
        if (valid && prepared) documents.keep(prepared, params.query ?? '');
      };
    },
  };
}
