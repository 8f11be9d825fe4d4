import type { Plugin } from 'graphql-yoga';
import { refuseForeignPage } from './foreign-page.ts';

/** Refuses operations that a page of another site sends; a link that opens GraphiQL never gets this far. */
export function useSameSite(origins: readonly string[]): Plugin {
  return {
    onRequestParse({ request }) {
      refuseForeignPage(request.headers, origins);
    },
  };
}
