import type { Plugin } from 'graphql-yoga';
import { HttpRequestError } from '../errors.ts';
import { checkContent } from './check-content.ts';

/** Takes operations as JSON in a body, or in an address; none of the other forms that Yoga reads. */
export function useJsonInput(): Plugin {
  return {
    onRequestParse({ request, requestParser: parse, setRequestParser }) {
      if (request.method === 'POST') {
        checkContent(request.headers, ['application/json', 'application/graphql+json']);
        if (parse === undefined) {
          throw new HttpRequestError(415, 'Write the header as it is: "content-type: application/json".');
        }
      } else if (request.method === 'GET' && parse !== undefined) {
        setRequestParser((request) => {
          try {
            return parse(request);
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            const message = `In an address "variables" and "extensions" must be JSON: ${error.message}`;
            throw new HttpRequestError(400, message);
          }
        });
      }
    },
  };
}
