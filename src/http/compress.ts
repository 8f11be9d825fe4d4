import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import compression from 'compression';

/** Smaller answers gain less than compressing them costs. */
const thresholdBytes = 4 * 1024;

/** Compresses large answers, with what the request accepts: Brotli or gzip. */
export function compress(handler: RequestListener): RequestListener {
  const wrap = compression({ threshold: thresholdBytes }) as unknown as (
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ) => void;
  return (request, response) => {
    if (request.headers['accept-encoding'] === undefined) handler(request, response);
    else wrap(request, response, () => handler(request, response));
  };
}
