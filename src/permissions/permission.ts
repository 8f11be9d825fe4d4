/** The segments of a permission, `['dtrace', '_', 'get']`: never empty, and each one valid on its own. */
export type Permission = readonly string[];

/** In a grant, the segment that stands for exactly one segment. */
export const segmentWildcard = '_';

/** In a grant, the segment that stands for one or more segments at the end, for zero or more elsewhere. */
export const restWildcard = '...';

const arrow = '->';
const maxSegments = 16;
const maxSegmentCharacters = 256;
const maxQuotedCharacters = 80;

/** Thrown for what is no permission. `reason` tells what is wrong and how to mend it, `message` also what came. */
export class PermissionSyntaxError extends Error {
  override readonly name = 'PermissionSyntaxError';
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`Malformed permission ${quote(text)}: ${reason}`);
    this.reason = reason;
  }
}

/**
 * The segments of a permission written as text.
 *
 * @param text - segments joined by `->`, `dtrace->_->get`; white space around a segment is dropped
 * @returns 1 to 16 segments of 1 to 256 characters (Unicode code points), upper and lower case as they came
 * @throws {PermissionSyntaxError} for any other length, a control character or a lone surrogate
 */
export function parsePermission(text: string): Permission {
  // Before trimming, which would silently drop a tab or a line break.
  refuseUnprintable(text);
  if (text.trim() === '') {
    throw new PermissionSyntaxError(text, 'it is empty; write segments joined by "->", as in dtrace->_->get');
  }
  const segments = text.split(arrow).map((segment) => segment.trim());
  refuseMisshapen(segments, text);
  return segments;
}

/**
 * Segments that did not come from `parsePermission`, such as the words of a command line, once they are checked.
 *
 * @param segments - as they shall be stored; nothing is trimmed
 * @returns the same segments
 * @throws {PermissionSyntaxError} also for a segment that holds `->` or begins or ends with white space
 */
export function checkPermission(segments: readonly string[]): Permission {
  const text = formatPermission(segments);
  refuseUnprintable(text);
  refuseMisshapen(segments, text);
  return segments;
}

/** A permission as text, `dtrace->_->get`: the inverse of `parsePermission`. */
export function formatPermission(permission: Permission): string {
  return permission.join(arrow);
}

/** The first segment that is a UUID in its canonical lower-case form: the script that is meant. Else null. */
export function scriptUuidOf(permission: Permission): string | null {
  return permission.find((segment) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(segment)) ?? null;
}

function refuseMisshapen(segments: readonly string[], text: string): void {
  if (segments.length === 0) throw new PermissionSyntaxError(text, 'it has no segment; give at least one');
  if (segments.length > maxSegments) {
    const reason = `it has ${segments.length} segments; shorten it to at most ${maxSegments}`;
    throw new PermissionSyntaxError(text, reason);
  }
  for (const [index, segment] of segments.entries()) {
    const fault = faultOf(segment);
    if (fault !== null) throw new PermissionSyntaxError(text, `segment ${index + 1} ${fault}`);
  }
}

function faultOf(segment: string): string | null {
  if (segment === '') return 'is empty; put a name, _ or ... there';
  if (segment !== segment.trim()) return 'begins or ends with white space; remove it';
  if (segment.includes(arrow)) return 'holds "->"; give its parts as segments of their own';
  // The first test spares ordinary segments the counting of code points.
  if (segment.length > maxSegmentCharacters && [...segment].length > maxSegmentCharacters) {
    return `has ${[...segment].length} characters; shorten it to at most ${maxSegmentCharacters}`;
  }
  return null;
}

/** PostgreSQL stores no U+0000, no database a lone surrogate, and a line break could forge a line of a log. */
function refuseUnprintable(text: string): void {
  const found = /[\p{Cc}\p{Cs}]/u.exec(text)?.[0];
  if (found === undefined) return;
  const kind = /\p{Cc}/u.test(found) ? 'control character' : 'lone surrogate';
  throw new PermissionSyntaxError(text, `it holds the ${kind} U+${hexOf(found)}; remove it`);
}

/** What came, short enough for a log and without the characters that would steer a terminal. */
function quote(text: string): string {
  // Cut in two steps, so that a huge text is never split into characters, nor an emoji into halves.
  const characters = [...text.slice(0, 2 * maxQuotedCharacters)].slice(0, maxQuotedCharacters).join('');
  const cut = characters.length < text.length ? ' (cut)' : '';
  return JSON.stringify(characters).replace(/\p{Cc}/gu, (c) => `\\u${hexOf(c).toLowerCase()}`) + cut;
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
