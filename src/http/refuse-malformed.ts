import type { RequestListener } from 'node:http';

/**
 * Answers 400 to requests whose address is none, such as `Host: a b`, which Node lets through: the fetch API that the
 * handler lives by has no request for them.
 */
export function refuseMalformed(handler: RequestListener): RequestListener {
  return (request, response) => {
    const { host } = request.headers;
    const address = request.url?.startsWith('/') ? `http://${host}${request.url}` : request.url;
    if (host !== undefined && address !== undefined && URL.canParse(address)) {
      handler(request, response);
      return;
    }
    const message = 'The address of the request, made of its Host header and its path, is not valid.';
    const requestId = request.headers['x-request-id'];
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId } }] });
    const headers = { 'content-type': 'application/json', connection: 'close', 'x-request-id': requestId };
    response.writeHead(400, headers).end(body);
  };
}
