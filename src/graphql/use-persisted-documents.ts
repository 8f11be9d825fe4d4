import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { HttpRequestError } from '../errors.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { sentHash } from './sent-hash.ts';

/**
 * Runs registered documents only. A client names one by `documentId`, as GraphQL over HTTP has it, or by the hash of
 * Apollo's persisted queries; or sends it letter by letter.
 */
export function usePersistedDocuments(documents: PersistedDocuments): readonly Plugin[] {
  const registered = new Set(documents.values());
  const refuse = () =>
    new HttpRequestError(
      400,
      'This server runs registered documents only (PERSISTED_DOCUMENTS): send the "documentId" of one.',
    );
  return [
    usePersistedOperations({
      allowArbitraryOperations: true,
      extractPersistedOperationId: (params, request) => sentId(params, request) ?? sentHash(params) ?? null,
      getPersistedOperation: (id) => documents.get(id) ?? documents.get(id.replace(/^sha256:/, '')) ?? null,
      customErrors: {
        keyNotFound: refuse,
        notFound: () =>
          new HttpRequestError(400, 'No document is registered under this id (PERSISTED_DOCUMENTS).'),
      },
    }),
    {
      // Whatever way a document may have come.
      onParse({ params }) {
        if (!registered.has(String(params.source))) throw refuse();
      },
    },
  ];
}

function sentId(params: GraphQLParams & { documentId?: unknown }, request: Request): string | undefined {
  const id =
    request.method === 'GET'
      ? new URLSearchParams(request.url.replace(/^[^?]*/, '')).get('documentId')
      : params.documentId;
  return typeof id === 'string' ? id : undefined;
}
