import type { Plugin } from 'graphql-yoga';
import { HttpRequestError } from '../errors.ts';
import type { AskedRequest } from './exchange.ts';

/** Takes operations as JSON in a body, or in an address; none of the other forms that Yoga reads. */
export function useJsonInput(): Plugin {
  return {
    onRequestParse({ request, requestParser: parse, setRequestParser }) {
      const asked = request as unknown as AskedRequest;
      if (asked.failure !== undefined) throw asked.failure;
      if (asked.method === 'POST') setRequestParser(() => parameters(asked.json()) as never);
      else if (asked.method === 'GET' && parse !== undefined) {
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

function parameters(body: unknown): object {
  if (typeof body === 'object' && body !== null) return body;
  throw new HttpRequestError(
    400,
    `The body must be a JSON object, not ${JSON.stringify(body)?.slice(0, 100)}.`,
  );
}
