import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpErrors } from '../errors.ts';
import { isListed } from './cross-origin.ts';
import { faceOf } from './request-facts.ts';

/**
 * Refuses requests that a page of another site makes a browser send to the API, unless its origin is listed. Such a page
 * has no token and cannot read the answer. It could still make the gateway work, from inside a network that the page's
 * author cannot reach.
 *
 * @param origins - those that CORS admits; `*` for all
 */
export function refuseForeignPages(origins: readonly string[]): (server: FastifyInstance) => void {
  return (server) => {
    server.addHook('onRequest', (request, _, done) => {
      const isOpen = faceOf(request) === 'page' && request.routeOptions.config?.requires === undefined;
      done(isOpen || isAdmitted(request, origins) ? undefined : httpErrors.foreignPage());
    });
  };
}

function isAdmitted({ method, headers, routeOptions }: FastifyRequest, origins: readonly string[]): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  // Most requests come from no browser and have neither header. A page cannot remove them.
  if (site === undefined && origin === undefined) return true;
  if (site === 'same-origin' || site === 'none') return true;
  if (isListed(origin ?? '', origins)) return true;
  if (routeOptions.config.opensToPages && method === 'GET' && headers.accept?.includes('text/html'))
    return true;
  // Browsers omit `sec-fetch-site` on insecure origins, such as HTTP to another machine.
  return site === undefined && origin !== undefined && hostOf(origin) === host;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
