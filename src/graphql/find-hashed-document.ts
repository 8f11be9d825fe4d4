import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { graphqlRequestErrors, PersistedQueryNotFoundError } from '../errors.ts';
import type { FindDocument } from './operation-parameters.ts';
import { sentHash } from './sent-hash.ts';

/** The bound of the cache of texts. Parsed documents have a cache of their own. */
const maxBytes = 2 * 1024 * 1024;

/**
 * Automatic persisted queries, by Apollo's protocol: a client sends the hash of a document. When the hash is unknown, the
 * answer is an error, and the client sends hash and document. The least recently used documents are dropped.
 *
 * `@graphql-yoga/plugin-apq` does the same, but bounds its cache by count, not by bytes.
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
