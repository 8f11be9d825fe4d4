import type { Plugin } from 'graphql-yoga';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Viewer } from '../identity/viewer.ts';

/**
 * Authenticates each GraphQL request before its document is even parsed: a bad token refuses the request as a whole.
 * A request without a token goes on, for the fields that are open to all.
 */
export function useViewer(authenticate: Authenticator): {
  readonly plugin: Plugin;
  of(request: Request): Viewer | null;
} {
  const viewers = new WeakMap<Request, Viewer | null>();
  return {
    plugin: {
      async onParams({ request }) {
        viewers.set(request, await authenticate(request.headers.get('authorization')));
      },
    },
    of: (request) => viewers.get(request) ?? null,
  };
}
