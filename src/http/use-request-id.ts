import type { Plugin } from 'graphql-yoga';
import { requestFactsOf } from './settle-headers.ts';

/** Answers every request with its id. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestFactsOf(request).id);
    },
  };
}
