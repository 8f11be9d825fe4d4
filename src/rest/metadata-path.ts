import { BadUserInputError } from '../errors.ts';
import type { MetadataPath } from '../scripts/metadata-path.ts';
import type { RestContext } from './rest-context.ts';

/**
 * The keys behind `…/metadata/`, each decoded by itself: `%2F` is a slash within a key. One slash at the end counts for
 * nothing; two in a row have the empty key between them.
 *
 * @throws BadUserInputError for percent escapes that are not UTF-8
 */
export function metadataPathOf(c: RestContext): MetadataPath {
  // /dtrace/UUID/metadata/…, or the same behind /api/VERSION
  const start = c.req.param('version') === undefined ? 4 : 6;
  return c.req.path.split('/').slice(start).map(decodeKey);
}

function decodeKey(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new BadUserInputError(
      'path',
      `${JSON.stringify(segment)} is not percent-encoded UTF-8. Write a percent sign itself as %25.`,
    );
  }
}
