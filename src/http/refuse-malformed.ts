import type { RequestListener } from 'node:http';

/** Most addresses are seen to be valid at a glance; reading one takes longer than many a request. */
const plainHost = /^(?:localhost|127\.0\.0\.1|(?:[a-z][a-z\d-]*\.)*[a-z]+)(?::[1-5]?\d{1,4})?$/;
const plainPath = /^(?:\/[\w.-]*)+$/;

/**
 * Answers 400 to requests whose address is none, such as `Host: a b`, which Node lets through: the fetch API that the
 * handler lives by has no request for them.
 */
export function refuseMalformed(handler: RequestListener): RequestListener {
  return (request, response) => {
    const { host } = request.headers;
    if (
      host !== undefined &&
      plainHost.test(host) &&
      request.url !== undefined &&
      plainPath.test(request.url)
    ) {
      handler(request, response);
      return;
    }
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
