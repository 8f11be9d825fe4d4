import { HttpRequestError } from '../errors.ts';

/**
 * Bodies are JSON in UTF-8, as they are: what a form on another site can send is refused, and so is what would have to
 * be decompressed first.
 *
 * @param types - the media types that are accepted
 * @throws HttpRequestError (415) for any other `content-type`, and for any `content-encoding`
 */
export function checkContent(
  headers: Pick<Headers, 'get'>,
  types: readonly string[] = ['application/json'],
): void {
  const came = headers.get('content-type');
  const [, type = '', charset = 'utf-8'] = contentType.exec(came ?? '') ?? [];
  if (!types.includes(type.toLowerCase()) || charset.toLowerCase() !== 'utf-8') {
    const shown = came === null ? 'none came' : `not ${JSON.stringify(came.slice(0, 100))}`;
    throw new HttpRequestError(415, `Send the header "content-type: application/json": ${shown}.`);
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpRequestError(415, 'Send the body as it is: a content-encoding is not supported.');
  }
}

const contentType = /^\s*([^\s;]+)\s*(?:;\s*charset\s*=\s*"?([\w-]+)"?\s*)?;?\s*$/i;
