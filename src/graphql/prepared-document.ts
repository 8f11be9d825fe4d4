import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  type Source,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config.ts';
import { canAnswerTexts } from '../schema/read-text.ts';
import { fieldsIn, fragmentsOf } from '../schema/selections.ts';
import { withScriptsAsText } from '../schema/text-schema.ts';
import { createPrice } from './operation-price.ts';

/** Characters of all documents that are kept. What a document is parsed into takes up to a hundred times their space. */
const maxCharacters = 256 * 1024;
const maxDocuments = 1_000;

/** What is known of an operation. It is found once, and kept with the document. */
export interface PreparedOperation {
  readonly node: OperationDefinitionNode;
  /** The names of the fields of its root, as often as they are asked for. */
  readonly rootFields: readonly string[];
  /** The schema to execute it by: that in which scripts are texts, where the operation allows. */
  readonly schema: GraphQLSchema;
  /**
   * What it costs with these variables; undefined when the variables are not those of the operation.
   *
   * @throws GraphQLError when it has too many fields to be priced
   */
  price(variables: Readonly<Record<string, unknown>>): number | undefined;
}

/** What is known of a document. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  /** What validation said; undefined until it was asked. */
  errors?: ExecutionResult['errors'];
  /** @param name - null where the document has one operation. @returns undefined when there is none by that name */
  operation(name: string | null | undefined): PreparedOperation | undefined;
}

/**
 * Creates the function that parses documents, and keeps what is known of those used last.
 *
 * @returns the document, or the error that says why it cannot be parsed
 */
export function createDocuments(schema: GraphQLSchema, limits: Limits) {
  const textSchema = withScriptsAsText(schema);
  const kept = new LRUCache<string, PreparedDocument | GraphQLError>({
    max: maxDocuments,
    maxSize: maxCharacters,
    sizeCalculation: (_, text) => text.length + 1,
  });

  return (source: string | Source): PreparedDocument | GraphQLError => {
    const text = typeof source === 'string' ? source : source.body;
    let prepared = kept.get(text);
    if (prepared === undefined) {
      prepared = read(text);
      kept.set(text, prepared);
    }
    return prepared;
  };

  function read(text: string): PreparedDocument | GraphQLError {
    try {
      return prepare(parse(text, { maxTokens: limits.maxDocumentTokens }));
    } catch (error) {
      return syntaxError(error, limits.maxDocumentTokens);
    }
  }

  function prepare(document: DocumentNode): PreparedDocument {
    const operations = new Map<OperationDefinitionNode, PreparedOperation>();
    return {
      document,
      operation: (name) => {
        const node = getOperationAST(document, name);
        if (!node) return undefined;
        let operation = operations.get(node);
        if (operation === undefined) {
          operation = prepareOperation(document, node);
          operations.set(node, operation);
        }
        return operation;
      },
    };
  }

  function prepareOperation(document: DocumentNode, node: OperationDefinitionNode): PreparedOperation {
    let executedBy: GraphQLSchema | undefined;
    return {
      node,
      rootFields: fieldsIn([node.selectionSet], fragmentsOf(document)).map(({ name }) => name.value),
      // Asked for once the operation is known not to be too large.
      get schema() {
        executedBy ??=
          node.operation === 'query' && canAnswerTexts(schema, document, node) ? textSchema : schema;
        return executedBy;
      },
      price: createPrice(schema, document, node, limits),
    };
  }
}

/** GraphQL's own words for what is wrong, or ours for what is too much. */
function syntaxError(error: unknown, maxTokens: number): GraphQLError {
  if (error instanceof GraphQLError) {
    if (!/more tha[nt] \d+ tokens/.test(error.message)) return error;
    return new GraphQLError(
      `Syntax Error: The document has more than ${maxTokens} tokens. Send values as variables, or several requests (MAX_DOCUMENT_TOKENS).`,
      { source: error.source ?? null, positions: error.positions ?? null },
    );
  }
  // The parser calls itself at every level, until the stack is exhausted.
  if (!(error instanceof RangeError)) throw error;
  return new GraphQLError('Syntax Error: The document is nested too deeply. Send large values as variables.');
}
