import {
  BREAK,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { canAnswerTexts } from '../schema/read-text.ts';
import { withScriptsAsText } from '../schema/text-schema.ts';
import { type Logger, stackOf } from '../telemetry/logger.ts';

/** How often a query comes before it is compiled: compiling costs more than executing it a few times. */
const minUses = 3;

interface Known {
  uses: number;
  compiled: CompiledQuery | null;
}

/**
 * Executes queries that come again and again by a function compiled for each.
 *
 * The compiler's errors are not those of GraphQL's reference implementation, which has the last word: where anything
 * goes wrong the query is executed once more, by the usual executor. Nothing but a query could be executed twice.
 */
export function useCompiledQueries(log: Logger): Plugin {
  // Operations are the same objects as long as the cache of parsed documents keeps them.
  const known = new WeakMap<OperationDefinitionNode, Known>();
  let textSchema: GraphQLSchema | undefined;

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const compiled = compiledFor(args);
      if (compiled === null) return;
      setExecuteFn(async (args) => {
        const { rootValue, contextValue, variableValues } = args;
        const result = await compiled.query(rootValue, contextValue, variableValues ?? {});
        return result.errors === undefined ? result : executeFn(args);
      });
    },
  };

  function compiledFor(args: ExecutionArgs): CompiledQuery | null {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== 'query') return null;
    let query = known.get(operation);
    if (query === undefined) {
      query = { uses: 0, compiled: null };
      known.set(operation, query);
    }
    query.uses += 1;
    if (query.uses === minUses) void compile(query, operation, args);
    return query.compiled;
  }

  /** Until it is compiled, and where it cannot be, the query is executed as usual. */
  async function compile(
    query: Known,
    operation: OperationDefinitionNode,
    { schema, document, operationName }: ExecutionArgs,
  ): Promise<void> {
    try {
      // Where one field is selected twice, the compiler also answers what `@skip` or `@include` leaves out.
      if (hasDirectives(document)) return;
      // Loaded when there is a use for it: it takes longer than the rest of the start.
      const { compileQuery, isCompiledQuery } = await import('graphql-jit');
      const isOfTexts = canAnswerTexts(schema, document, operation);
      if (isOfTexts) textSchema ??= withScriptsAsText(schema);
      const compiled = compileQuery(
        (isOfTexts && textSchema) || schema,
        document,
        operationName ?? undefined,
      );
      if (isCompiledQuery(compiled)) query.compiled = compiled;
    } catch (error) {
      log.warn({ event: 'query-not-compiled', error: stackOf(error) });
    }
  }
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}
