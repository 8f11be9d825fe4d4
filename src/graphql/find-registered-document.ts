import { HttpRequestError } from '../errors.ts';
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
      if (!registered.has(params.query)) throw onlyRegistered();
      return params;
    }
    const id = typeof documentId === 'string' ? documentId : sentHash(params);
    if (id === undefined) throw onlyRegistered();
    const query = documents.get(id) ?? documents.get(id.replace(/^sha256:/, ''));
    if (query === undefined) {
      throw new HttpRequestError(400, 'No document is registered under this id (PERSISTED_DOCUMENTS).');
    }
    return { ...params, query };
  };
}

function onlyRegistered(): HttpRequestError {
  return new HttpRequestError(
    400,
    'This server runs registered documents only (PERSISTED_DOCUMENTS): send the "documentId" of one.',
  );
}
