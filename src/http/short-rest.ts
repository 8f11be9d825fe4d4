import type { RequestListener } from 'node:http';
import type { ShortRead } from '../rest/short-read.ts';
import { sendJson } from './send-json.ts';

/** Answers what can be read the short way, past the fetch API; everything else goes on as it came. */
export function shortRest(read: ShortRead, handler: RequestListener): RequestListener {
  return (request, response) => {
    // Nothing else is worth a promise.
    if (request.method !== 'GET') handler(request, response);
    else
      void read(request).then((text) => {
        if (text === undefined) return handler(request, response);
        sendJson(request, response, text, { 'content-type': 'application/json', vary: 'accept' });
      });
  };
}
