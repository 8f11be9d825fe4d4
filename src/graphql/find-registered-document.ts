import { graphqlRequestErrors } from '../errors.ts';
import type { FindDocument } from './operation-parameters.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { sentHash } from './sent-hash.ts';

/**
 * Lets only registered documents run. A client names one by `documentId` (GraphQL over HTTP) or by the hash of Apollo's
 * persisted queries, or sends its exact text.
 */
export function createRegisteredDocuments(documents: PersistedDocuments): FindDocument {
  const registered = new Set(documents.values());
  return ({ documentId, ...params }) => {
    if (typeof params.query === 'string' && params.query !== '') {
      if (!registered.has(params.query)) throw graphqlRequestErrors.registeredDocumentsOnly();
      return params;
    }
    const id = typeof documentId === 'string' ? documentId : sentHash(params);
    if (id === undefined) throw graphqlRequestErrors.registeredDocumentsOnly();
    const query = documents.get(id) ?? documents.get(id.replace(/^sha256:/, ''));
    if (query === undefined) throw graphqlRequestErrors.documentNotRegistered();
    return { ...params, query };
  };
}
