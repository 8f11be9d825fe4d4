import type { Plugin } from 'graphql-yoga';
import type { Authenticator } from '../identity/authenticator.ts';
import type { RequestContext } from '../schema/context.ts';
import { requestFactsOf } from './settle-headers.ts';

/**
 * Authenticates each GraphQL request before its document is even parsed: a bad token refuses the request as a whole.
 * A request without a token goes on, for the fields that are open to all.
 */
export function useViewer(authenticate: Authenticator): Plugin<object, RequestContext> {
  return {
    async onParams({ request, context }) {
      context.viewer = await authenticate(
        request.headers.get('authorization'),
        requestFactsOf(request).address,
      );
    },
  };
}
