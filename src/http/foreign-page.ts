import { HttpRequestError } from '../errors.ts';

/**
 * Refuses what a page of another site has a browser send, unless its origin is listed. Such a page has no token to send
 * along, and could not read the answer; but it could have the gateway work, from inside a network that it cannot reach.
 *
 * @param origins - those that CORS admits; `*` for all
 * @throws HttpRequestError (403)
 */
export function refuseForeignPage(headers: Pick<Headers, 'get'>, origins: readonly string[]): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  // What no browser has sent, as most requests: neither header can be kept back by a page.
  if (site === null && origin === null) return;
  if (site === 'same-origin' || site === 'none' || origins.includes('*')) return;
  if (origin !== null && origins.includes(origin)) return;
  // Browsers leave out `sec-fetch-site` where they do not trust the way, as over HTTP from one machine to another.
  if (site === null && origin !== null && hostOf(origin) === headers.get('host')) return;
  throw new HttpRequestError(
    403,
    'A page of another site sent this. To allow it, list its origin in CORS_ORIGINS.',
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
