import {
  type ExecutionArgs,
  execute,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { canAnswerTexts } from '../schema/read-text.ts';
import { withScriptsAsText } from '../schema/text-schema.ts';

/**
 * Executes operations with the executor of graphql-js. A query that takes nothing of scripts but columns is executed
 * by the schema in which each script is one text.
 *
 * The document alone decides, from its first time on. Nothing of a document is ever compiled.
 */
export function useScriptTexts(schema: GraphQLSchema): Plugin {
  const textSchema = withScriptsAsText(schema);
  // Operations are the same objects as long as the cache of parsed documents keeps them.
  const decisions = new WeakMap<OperationDefinitionNode, boolean>();

  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args) => execute(answersTexts(args) ? { ...args, schema: textSchema } : args));
    },
  };

  function answersTexts({ document, operationName }: ExecutionArgs): boolean {
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'query') return false;
    let decision = decisions.get(operation);
    if (decision === undefined) {
      decision = canAnswerTexts(schema, document, operation);
      decisions.set(operation, decision);
    }
    return decision;
  }
}
