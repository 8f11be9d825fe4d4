import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { httpErrors } from '../errors.ts';

/** Fast path: most addresses match this and need no URL parser, which costs as much as many a request. */
const plainHost = /^[a-z\d.-]+(?::[1-5]?\d{1,4})?$/;
const plainPath = /^[\w./-]*$/;

/**
 * The path and query by which a request is routed. An absolute address (RFC 9112, 3.2.2) is read like its path. The
 * router decodes percent escapes; here they are escaped once more, so that paths stay as they came: `..`, `%2F` and
 * escapes that are not UTF-8 are for the routes to judge.
 */
export function routingTarget({ url = '/' }: IncomingMessage): string {
  if (url.startsWith('/') && !url.includes('%')) return url;
  const target = url.startsWith('/') ? url : pathOfAbsolute(url);
  const end = target.search(/[?#]/);
  const path = end === -1 ? target : target.slice(0, end);
  return path.replaceAll('%', '%25') + target.slice(path.length);
}

/** The path of a request as it was sent, without a slash at its end. */
export function pathOf(originalUrl: string): string {
  const target = originalUrl.startsWith('/') ? originalUrl : pathOfAbsolute(originalUrl);
  const path = target.replace(/[?#].*$/s, '');
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Whether an address is below the REST API's prefix. */
export function isBelowRest(originalUrl: string): boolean {
  return /^(?:\/api\/[^/?#]+)?\/dtrace(?:$|[/?#])/.test(originalUrl);
}

/** Answers 400 when Host and path do not form an address, such as `Host: a b`, which Node accepts. */
export function refuseMalformedTargets(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _, done) => {
    done(isWellFormed(request.headers.host, request.originalUrl) ? undefined : httpErrors.malformedTarget());
  });
}

function isWellFormed(host: string | undefined, target: string): boolean {
  if (host === undefined) return false;
  if (plainHost.test(host) && plainPath.test(target) && target.startsWith('/')) return true;
  return URL.canParse(target.startsWith('/') ? `http://${host}${target}` : target);
}

function pathOfAbsolute(address: string): string {
  const start = address.indexOf('/', address.indexOf('://') + '://'.length);
  return address.includes('://') && start !== -1 ? address.slice(start) : '/';
}
