import type { Plugin } from 'graphql-yoga';

/** Sends whoever opens the bare address in a browser on to GraphiQL. */
export function useHomeRedirect(endpoint: string): Plugin {
  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      if (request.method === 'GET' && url.pathname === '/') {
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: endpoint } }));
      }
    },
  };
}
