import { type DocumentNode, type ExecutionArgs, getOperationAST } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

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
export function useCompiledQueries(): Plugin {
  // Documents are the same objects as long as Yoga's cache of parsed documents keeps them.
  const known = new WeakMap<DocumentNode, Map<string, Known>>();

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
    const { document } = args;
    const name = args.operationName ?? '';
    let operations = known.get(document);
    if (operations === undefined) {
      operations = new Map();
      known.set(document, operations);
    }
    let operation = operations.get(name);
    if (operation === undefined) {
      operation = { uses: 0, compiled: null };
      operations.set(name, operation);
    }
    operation.uses += 1;
    if (operation.uses === minUses) operation.compiled = compile(args);
    return operation.compiled;
  }
}

function compile({ schema, document, operationName }: ExecutionArgs): CompiledQuery | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return null;
  const compiled = compileQuery(schema, document, operationName ?? undefined);
  return isCompiledQuery(compiled) ? compiled : null;
}
