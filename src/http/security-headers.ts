/**
 * What every answer carries, whichever doorway it comes from; GraphiQL's page and files replace some. Nothing may be
 * kept, framed, run or taken for what it is not.
 */
export const securityHeaders = new Map([
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
]);
