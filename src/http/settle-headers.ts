import { randomUUID } from 'node:crypto';
import { IncomingMessage, type RequestListener } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

const idHeader = 'x-request-id';
const addressHeader = 'x-forwarded-for';

/** What a request is known by, whichever doorway it comes through. */
export interface RequestFacts {
  /** The id in the log, in errors, in the audit trail and in the response's `x-request-id`. */
  readonly id: string;
  /** The address of the client, as far as it is to be believed; null when the connection has none. */
  readonly address: string | null;
}

/**
 * Makes two headers mean what `requestFactsOf` takes them for, before anything else reads them: `x-request-id` is the
 * one that came or a new one, and `x-forwarded-for` the client's address alone.
 *
 * @param trustProxy - the proxies whose `x-forwarded-for` is believed: addresses, networks, or names such as `loopback`
 */
export function settleHeaders(trustProxy: readonly string[], handler: RequestListener): RequestListener {
  const isTrusted = proxyAddr.compile([...trustProxy]);
  return (request, response) => {
    const { headers } = request;
    headers[idHeader] = readId(headers[idHeader]) ?? randomUUID();
    const address = addressOf(request, isTrusted);
    if (address === undefined) delete headers[addressHeader];
    else headers[addressHeader] = address;
    handler(request, response);
  };
}

const generated = new WeakMap<object, string>();

/** What is known of a request. One that came past `settleHeaders` is given an id of its own. */
export function requestFactsOf(request: Request | IncomingMessage): RequestFacts {
  let id = readId(headerOf(request, idHeader)) ?? generated.get(request);
  if (id === undefined) {
    id = randomUUID();
    generated.set(request, id);
  }
  return { id, address: clientAddressOf(request) };
}

/** A header that comes once, of a request in either of its forms; null without one. */
export function headerOf(request: Request | IncomingMessage, name: string): string | null {
  return request instanceof IncomingMessage
    ? ((request.headers[name] as string | undefined) ?? null)
    : request.headers.get(name);
}

/** The address in `requestFactsOf`. */
export function clientAddressOf(request: Request | IncomingMessage): string | null {
  return headerOf(request, addressHeader);
}

/** A proxy's id is kept, so that one request has one name; anything unusual could forge log lines. */
function readId(sent: string | string[] | null | undefined): string | undefined {
  return typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : undefined;
}

/** The text that a proxy forwards may be anything; then the proxy's own address is the last one known. */
function addressOf(
  request: IncomingMessage,
  isTrusted: ReturnType<typeof proxyAddr.compile>,
): string | undefined {
  const forwarded = proxyAddr(request, isTrusted) as string | undefined;
  const address = forwarded !== undefined && isIP(forwarded) ? forwarded : request.socket.remoteAddress;
  // An IPv4 address that came over a socket for both.
  return address?.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
