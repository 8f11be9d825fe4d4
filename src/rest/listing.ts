import { BadUserInputError } from '../errors.ts';
import { type DocumentedMember, documentedMembers } from './members.ts';
import type { RestContext } from './rest-context.ts';

/** What a request to the list asks for. */
export interface Listing {
  /** Absent for a list of UUIDs alone. */
  readonly members: readonly DocumentedMember[] | undefined;
  readonly first: number | undefined;
  readonly after: string | undefined;
  /** The value of a `link` header to the page that follows the script. */
  nextPage(after: string): string;
}

/**
 * Reads `x-full-list` and `x-full-list-fields`, which FiFo's command line sends as the query parameters `full-list` and
 * `full-list-fields`, and the paging parameters `first` and `after`, which are the gateway's own.
 *
 * @throws BadUserInputError for paging parameters that cannot be read
 */
export function readListing(c: RestContext): Listing {
  const option = (name: string) => c.req.header(`x-${name}`) ?? c.req.query(name);
  const isFull = option('full-list')?.trim().toLowerCase() === 'true';
  return {
    members: isFull ? parseMembers(option('full-list-fields')) : undefined,
    first: parseFirst(c.req.query('first')),
    after: parseAfter(c.req.query('after')),
    nextPage: (after) => {
      const query = new URLSearchParams({ ...c.req.query(), after });
      return `<${c.req.path}?${query}>; rel="next"`;
    },
  };
}

/** The members named, in the order of the documentation; names that are not documented are passed over. */
function parseMembers(text: string | undefined): readonly DocumentedMember[] {
  if (text === undefined) return documentedMembers;
  const names = text.split(',').map((name) => name.trim());
  return documentedMembers.filter((member) => names.includes(member));
}

function parseFirst(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new BadUserInputError('first', 'it must be a whole number: how many scripts to list at most.');
  }
  return Number(text);
}

function parseAfter(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) {
    throw new BadUserInputError('after', 'it must be a UUID: that of the script to continue behind.');
  }
  return text.toLowerCase();
}
