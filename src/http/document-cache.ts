import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

const maxParsedBytes = 32 * 1024 * 1024;

/**
 * What a document takes as measured: each token, with the node made of it; besides, what is kept as long as the document
 * is, such as the outcome of its validation and what executing it often has been prepared.
 */
const [tokenBytes, documentBytes] = [700, 8_000];

/** What an error of the parser takes: its stack holds on to the parser, and that to every token so far. */
const [errorBytes, errorCharacterBytes] = [4_000, 80];

/**
 * Creates a memory of documents, or of what was made of the documents that are its keys. It is bounded by what they take,
 * which is some hundred times their length: a bound to their number would let anybody fill it with large ones.
 */
export function createDocumentCache<Value extends DocumentNode | Error | string>(
  maxBytes = maxParsedBytes,
): LRUCache<string, Value> {
  return new LRUCache({ maxSize: maxBytes, sizeCalculation: (value, key) => bytesOf(value, key) });
}

function bytesOf(value: DocumentNode | Error | string, { length }: string): number {
  if (typeof value === 'string') return 2 * (value.length + length);
  if (value instanceof Error) return errorBytes + errorCharacterBytes * length;
  let bytes = documentBytes + 2 * length;
  for (let token = value.loc?.startToken; token; token = token.next ?? undefined) bytes += tokenBytes;
  return bytes;
}

/** Forgets documents that are not valid: their errors take a hundred times what they take. */
export function useValidDocumentsOnly(documents: LRUCache<string, DocumentNode>): Plugin {
  return {
    onValidate({ params: { documentAST } }) {
      return ({ valid }) => {
        if (!valid && documentAST.loc) documents.delete(documentAST.loc.source.body);
      };
    },
  };
}
