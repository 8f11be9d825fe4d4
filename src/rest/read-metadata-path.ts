import type { FastifyRequest } from 'fastify';
import { BadUserInputError } from '../errors.ts';
import { pathOf } from '../http/request-target.ts';
import type { MetadataPath } from '../json/metadata-path.ts';

/**
 * The keys after `…/metadata/`. Each key is decoded separately: `%2F` is a slash in a key. One slash at the end is ignored.
 * Between two slashes is an empty key.
 *
 * @throws BadUserInputError for percent-encoding that is not UTF-8
 */
export function readMetadataPath({ originalUrl }: FastifyRequest): MetadataPath {
  const segments = pathOf(originalUrl).split('/');
  // /dtrace/UUID/metadata/…, or the same after /api/VERSION
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
