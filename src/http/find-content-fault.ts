import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'content-type';
import { type HttpRequestError, httpErrors } from '../errors.ts';

/**
 * Checks that a body is JSON in UTF-8 and not compressed. Other types are refused because a page of another site can send
 * some of them, as forms.
 *
 * @param types - the media types that are accepted
 * @returns the error (415) for any other `content-type`, and for any `content-encoding`
 */
export function findContentFault(
  headers: IncomingHttpHeaders,
  types: readonly string[] = ['application/json'],
): HttpRequestError | null {
  const { 'content-type': sent, 'content-encoding': encoding = 'identity' } = headers;
  if (sent === undefined || !isJson(sent, types)) return httpErrors.unsupportedMediaType(sent);
  return encoding.toLowerCase() === 'identity' ? null : httpErrors.unsupportedEncoding();
}

function isJson(sent: string, types: readonly string[]): boolean {
  const { type, parameters } = parse(sent);
  const { charset = 'utf-8' } = parameters;
  return types.includes(type) && /^utf-?8$/i.test(charset);
}
