import type { Plugin } from 'graphql-yoga';
import type { ReadBody } from './read-body.ts';

/** Lets the body of a GraphQL request reach its parser only once it has been read within the limit. */
export function useBodyLimit(readBody: ReadBody): Plugin {
  return {
    onRequestParse({ request, requestParser: parse, setRequestParser, fetchAPI }) {
      if (parse === undefined || request.method === 'GET') return;
      const { url, method, headers, signal } = request;
      setRequestParser(async () =>
        parse(new fetchAPI.Request(url, { method, headers, signal, body: await readBody(request) })),
      );
    },
  };
}
