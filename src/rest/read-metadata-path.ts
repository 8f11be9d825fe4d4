import type { FastifyRequest } from 'fastify';
import { BadUserInputError } from '../errors.ts';
import { pathOf } from '../http/request-target.ts';
import type { MetadataPath } from '../json/metadata-path.ts';

/**
 * The keys behind `…/metadata/`, each decoded by itself: `%2F` is a slash within a key. One slash at the end counts for
 * nothing; two in a row have the empty key between them.
 *
 * @throws BadUserInputError for percent escapes that are not UTF-8
 */
export function readMetadataPath({ originalUrl }: FastifyRequest): MetadataPath {
  const segments = pathOf(originalUrl).split('/');
  // /dtrace/UUID/metadata/…, or the same behind /api/VERSION
  return segments.slice(segments[1] === 'dtrace' ? 4 : 6).map(decodeKey);
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
