import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { graphqlRequestErrors, PersistedQueryNotFoundError } from '../errors.ts';
import type { FindDocument } from './operation-parameters.ts';
import { sentHash } from './sent-hash.ts';

/** Of the documents' texts, which are parsed into some hundred times as much. */
const maxBytes = 2 * 1024 * 1024;

/**
 * Lets clients send the hash of a document in the place of the document, by Apollo's protocol: a hash that is not known
 * is answered by an error, upon which the client sends both. Documents that are asked for seldom are forgotten.
 *
 * `@graphql-yoga/plugin-apq` does the same, with a cache that is bounded by count alone and peer dependencies of old.
 */
export function createHashedDocuments(): FindDocument {
  const documents = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text, hash) => 2 * (text.length + hash.length),
  });
  return (params) => {
    const hash = sentHash(params);
    if (hash === undefined) return params;
    if (typeof params.query !== 'string') {
      const query = documents.get(hash);
      if (query === undefined) throw new PersistedQueryNotFoundError();
      return { ...params, query };
    }
    if (createHash('sha256').update(params.query).digest('hex') !== hash) {
      throw graphqlRequestErrors.wrongHash();
    }
    documents.set(hash, params.query);
    return params;
  };
}
