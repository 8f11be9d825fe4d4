import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Config } from '../config.ts';

/**
 * The validation rules of the gateway, besides those of GraphQL. No rule looks at variables, so the result can be cached
 * with the document.
 */
export function documentRules({
  limits,
  introspection,
}: Pick<Config, 'limits' | 'introspection'>): readonly ValidationRule[] {
  return [
    maxDepthRule({
      n: limits.maxDocumentDepth,
      flattenFragments: true,
      ...reporting('Ask for fewer levels (MAX_DOCUMENT_DEPTH).'),
    }),
    maxAliasesRule({
      n: limits.maxAliases,
      ...reporting('Ask for a list, or send several requests (MAX_ALIASES).'),
    }),
    maxDirectivesRule({
      n: limits.maxDirectives,
      ...reporting('Leave some out, or send several requests (MAX_DIRECTIVES).'),
    }),
    maxRootFieldsRule(limits.maxRootFields),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
}

/** Makes a rule of GraphQL Armor report its error with the others, and how to mend it, instead of throwing it. */
function reporting(advice: string) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, { message }: GraphQLError) =>
        context?.reportError(
          new GraphQLError(`${message.replace('Syntax Error: ', '')} ${advice}`, {
            nodes: context.getDocument(),
          }),
        ),
    ],
  };
}

/** Counts the fields of each operation's root as they are written, those of fragments for every time they are used. */
function maxRootFieldsRule(most: number): ValidationRule {
  return (context) => {
    const counts = new Map<string, number>();
    return {
      OperationDefinition(operation) {
        const count = countFields(operation.selectionSet);
        if (count <= most) return;
        const message = `Root fields limit of ${most} exceeded, found ${count}. Send several requests (MAX_ROOT_FIELDS).`;
        context.reportError(new GraphQLError(message, { nodes: operation }));
      },
    };

    function countFields({ selections }: SelectionSetNode): number {
      return selections.reduce((sum, selection) => {
        if (selection.kind === 'Field') return sum + 1;
        if (selection.kind === 'InlineFragment') return sum + countFields(selection.selectionSet);
        return sum + countFragment(selection.name.value);
      }, 0);
    }

    function countFragment(name: string): number {
      let count = counts.get(name);
      if (count === undefined) {
        // Another rule refuses a fragment that contains itself; here it must end.
        counts.set(name, 0);
        const fragment = context.getFragment(name);
        count = fragment ? countFields(fragment.selectionSet) : 0;
        counts.set(name, count);
      }
      return count;
    }
  };
}
