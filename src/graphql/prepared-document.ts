import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config.ts';
import { canAnswerTexts } from '../schema/find-template.ts';
import { fieldsIn, fragmentsOf } from '../schema/selections.ts';
import { withScriptsAsText } from '../schema/text-schema.ts';
import { createPrice } from './operation-price.ts';

/** What all documents that are kept may take. A bound to their number would let anybody fill the memory with large ones. */
const maxBytes = 32 * 1024 * 1024;

/** What a document takes, as measured: each token, with the node made of it; besides, what is found out about it. */
const [tokenBytes, documentBytes] = [700, 8_000];

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
  /** Whether it has been found to be valid. */
  isValid: boolean;
  /** @param name - null where the document has one operation. @returns undefined when there is none by that name */
  operation(name: string | null | undefined): PreparedOperation | undefined;
}

/** The documents that are in use. */
export interface Documents {
  /** @throws GraphQLError when the text cannot be parsed */
  prepare(text: string): PreparedDocument;
  /** Keeps a document that is valid: the errors of others would take a hundred times what a document takes. */
  keep(prepared: PreparedDocument, text: string): void;
}

/** Creates the function that parses documents. What is known of those used last is kept. */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const textSchema = withScriptsAsText(schema);
  const kept = new LRUCache<string, PreparedDocument>({
    maxSize: maxBytes,
    sizeCalculation: ({ document }, text) => bytesOf(document, text),
  });

  return {
    prepare: (text) => {
      const known = kept.get(text);
      if (known !== undefined) return known;
      try {
        return prepare(parse(text, { maxTokens: limits.maxDocumentTokens }));
      } catch (error) {
        throw syntaxError(error, limits.maxDocumentTokens);
      }
    },
    keep: (prepared, text) => {
      prepared.isValid = true;
      kept.set(text, prepared);
    },
  };

  function prepare(document: DocumentNode): PreparedDocument {
    const operations = new Map<OperationDefinitionNode, PreparedOperation>();
    return {
      document,
      isValid: false,
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

function bytesOf({ loc }: DocumentNode, { length }: string): number {
  let bytes = documentBytes + 2 * length;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) bytes += tokenBytes;
  return bytes;
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
