import type { Plugin } from 'graphql-yoga';
import { HttpRequestError } from '../errors.ts';
import { checkContent } from './check-content.ts';

/** Takes operations as JSON alone, of the other forms that Yoga reads none. */
export function useJsonBodies(): Plugin {
  return {
    onRequestParse({ request, requestParser }) {
      if (request.method !== 'POST') return;
      checkContent(request.headers, ['application/json', 'application/graphql+json']);
      if (requestParser === undefined) {
        throw new HttpRequestError(415, 'Write the header as it is: "content-type: application/json".');
      }
    },
  };
}
