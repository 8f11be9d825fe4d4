import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../identity/viewer.ts';
import type { RequestContext } from '../schema/context.ts';
import type { SignIn } from './sign-in.ts';

/**
 * Authenticates each GraphQL request before its document is even parsed: a bad token refuses the request as a whole.
 * A request without a token goes on, for the fields that are open to all.
 */
export function useViewer(signIn: SignIn): Plugin<object, RequestContext> {
  // The operations of one request have one viewer, and a bad token is one failed sign-in.
  const viewers = new WeakMap<Request, Promise<Viewer | null>>();
  return {
    async onParams({ request, context }) {
      if (context.viewer !== undefined) return;
      let viewer = viewers.get(request);
      if (viewer === undefined) {
        viewer = signIn(request, 'GRAPHQL');
        viewers.set(request, viewer);
      }
      context.viewer = await viewer;
    },
  };
}
