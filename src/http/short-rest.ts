import type { RequestListener } from 'node:http';
import type { ShortRead } from '../rest/short-read.ts';

/** Answers what can be read the short way, past the fetch API; everything else goes on as it came. */
export function shortRest(read: ShortRead, handler: RequestListener): RequestListener {
  return (request, response) => {
    // Nothing else is worth a promise.
    if (request.method !== 'GET') handler(request, response);
    else
      void read(request).then((text) => {
        if (text === undefined) return handler(request, response);
        const body = Buffer.from(text);
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': body.length,
          vary: 'accept',
          'x-request-id': request.headers['x-request-id'],
        });
        response.end(body);
      });
  };
}
