import type { FastifyRequest } from 'fastify';
import { BadUserInputError } from '../errors.ts';
import { pathOf } from '../http/request-target.ts';
import { type DocumentedMember, documentedMembers } from './members.ts';

/** The options of a list request. */
export interface Listing {
  /** Absent for a list of UUIDs. */
  readonly members: readonly DocumentedMember[] | undefined;
  readonly first: number | undefined;
  readonly after: string | undefined;
  /** The value of the `link` header for the page after a script. */
  nextPage(after: string): string;
}

/**
 * Reads the options of FiFo, `x-full-list` and `x-full-list-fields`, and the gateway's own paging parameters, `first` and
 * `after`. FiFo's command line sends its options as the query parameters `full-list` and `full-list-fields`.
 *
 * @throws BadUserInputError for wrong paging parameters
 */
export function readListing({ originalUrl, headers }: FastifyRequest): Listing {
  const query = new URLSearchParams(/\?([^#]*)/.exec(originalUrl)?.[1] ?? '');
  const option = (name: string) => headers[`x-${name}`]?.toString() ?? query.get(name) ?? undefined;
  const isFull = option('full-list')?.trim().toLowerCase() === 'true';
  return {
    members: isFull ? parseMembers(option('full-list-fields')) : undefined,
    first: parseFirst(query.get('first')),
    after: parseAfter(query.get('after')),
    nextPage: (after) => {
      query.set('after', after);
      return `<${pathOf(originalUrl)}?${query}>; rel="next"`;
    },
  };
}

/** The named members, in the order of the documentation. Unknown names are ignored. */
function parseMembers(text: string | undefined): readonly DocumentedMember[] {
  if (text === undefined) return documentedMembers;
  const names = text.split(',').map((name) => name.trim());
  return documentedMembers.filter((member) => names.includes(member));
}

function parseFirst(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new BadUserInputError('first', 'it must be a whole number: how many scripts to list at most.');
  }
  return Number(text);
}

function parseAfter(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) {
    throw new BadUserInputError('after', 'it must be a UUID: that of the script to continue behind.');
  }
  return text.toLowerCase();
}
