import type { ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Validates documents by these rules, too. */
export function useDocumentRules(rules: readonly ValidationRule[]): Plugin {
  return {
    onValidate({ addValidationRule }) {
      for (const rule of rules) addValidationRule(rule);
    },
  };
}
