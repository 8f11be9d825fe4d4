import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Rest } from '../rest/rest.ts';

/** Hands requests to the REST doorway. What it does not know goes on to GraphQL. */
export function useRest(rest: Rest): Plugin<object, { readonly req?: IncomingMessage }> {
  const answered = new WeakSet<Request>();
  return {
    async onRequest({ request, endResponse, fetchAPI, serverContext }) {
      const response = await rest(request, serverContext.req);
      if (response === undefined) return;
      answered.add(request);
      // As a text of known length it is sent in one piece, with a content-length.
      const body = response.body === null ? null : await response.text();
      endResponse(new fetchAPI.Response(body, response));
    },
    onResponse({ request, response }) {
      // Added here because the CORS plug-in, which comes before, replaces the header by its own.
      if (answered.has(request)) response.headers.append('vary', 'accept');
    },
  };
}
