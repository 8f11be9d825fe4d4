import type { YogaServerOptions } from 'graphql-yoga';
import type { GatewayContext } from '../schema/context.ts';

type Cors = NonNullable<YogaServerOptions<Record<string, never>, GatewayContext>['cors']>;

/** How long a browser may go by what it was told, in seconds: as long as Chromium ever does. */
const preflightMaxAgeS = 7_200;

/**
 * Which pages may call the API from a browser: those of the given origins, `*` for all. They may send any method and
 * header, but no cookies, which the gateway does not know; and read the headers that an answer is incomplete without.
 */
export function corsFor(origins: readonly string[]): Cors {
  if (origins.length === 0) return false;
  const options = {
    origin: [...origins],
    credentials: false,
    exposedHeaders: ['location', 'link', 'retry-after', 'x-request-id'],
    maxAge: preflightMaxAgeS,
  };
  const isListed = (origin: string) => origins.includes('*') || origins.includes(origin);
  // For an origin that is not listed Yoga would allow "null", which is what a sandboxed frame calls itself.
  return (request) => (isListed(request.headers.get('origin') ?? '') ? options : false);
}
