import type { Plugin } from 'graphql-yoga';
import type { RequestContext } from '../schema/context.ts';
import type { SignIn } from './sign-in.ts';

/**
 * Authenticates each GraphQL request before its document is even parsed: a bad token refuses the request as a whole.
 * A request without a token goes on, for the fields that are open to all.
 */
export function useViewer(signIn: SignIn): Plugin<object, RequestContext> {
  return {
    async onParams({ request, context }) {
      if (context.viewer === undefined) context.viewer = await signIn(request, 'GRAPHQL');
    },
  };
}
