import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

const header = 'x-request-id';
const ids = new WeakMap<Request, string>();

/** The id under which a request is known in the log, in its errors, and in its response's `x-request-id`. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = request.headers.get(header);
  // A proxy's id is kept, so that one request has one name; anything unusual could forge log lines.
  const id = sent !== null && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();
  ids.set(request, id);
  return id;
}

/** Answers every request with its id. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set(header, requestIdOf(request));
    },
  };
}
