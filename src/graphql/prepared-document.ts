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
import { createPrice, type Price } from './operation-price.ts';

/** The bound of the document cache. It counts bytes: with a bound on their number, large documents could fill the memory. */
const maxBytes = 32 * 1024 * 1024;

/** Memory of a document, as measured: of each token with its node, and of everything else. */
const [tokenBytes, documentBytes] = [700, 8_000];

/** Everything known about an operation. It is found once and cached with the document. */
export interface PreparedOperation {
  readonly node: OperationDefinitionNode;
  /** The names of its root fields; a field that is selected twice is listed twice. */
  readonly rootFields: readonly string[];
  /** The schema to execute it with: the one in which scripts are texts, when the operation allows that. */
  readonly schema: GraphQLSchema;
  readonly price: Price;
}

/** Everything known about a document. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  /** Whether it was validated, without an error. */
  isValid: boolean;
  /** @param name - null where the document has one operation. @returns undefined when there is none by that name */
  operation(name: string | null | undefined): PreparedOperation | undefined;
}

/** The document cache. */
export interface Documents {
  /** @throws GraphQLError when the text cannot be parsed */
  prepare(text: string): PreparedDocument;
  /** Caches a valid document. Invalid ones are not cached: their errors can take a hundred times the memory. */
  keep(prepared: PreparedDocument, text: string): void;
}

/** Creates the document cache. The least recently used documents are dropped. */
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
      // Read after the operation is priced, and known not to be too large.
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

/** The error of graphql-js, or our own for a document that is too long or nested too deeply. */
function syntaxError(error: unknown, maxTokens: number): GraphQLError {
  if (error instanceof GraphQLError) {
    if (!/more tha[nt] \d+ tokens/.test(error.message)) return error;
    return new GraphQLError(
      `Syntax Error: The document has more than ${maxTokens} tokens. Send values as variables, or several requests (MAX_DOCUMENT_TOKENS).`,
      { source: error.source ?? null, positions: error.positions ?? null },
    );
  }
  // The parser is recursive: a deep document exhausts the stack.
  if (!(error instanceof RangeError)) throw error;
  return new GraphQLError('Syntax Error: The document is nested too deeply. Send large values as variables.');
}
