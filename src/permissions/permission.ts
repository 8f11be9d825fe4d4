/** The segments of a permission, `['dtrace', '_', 'get']`: at least one, and each valid. */
export type Permission = readonly string[];

/** In a grant, matches exactly one segment. */
export const segmentWildcard = '_';

/** In a grant, matches one or more segments at the end, and zero or more elsewhere. */
export const restWildcard = '...';

const arrow = '->';
const maxSegments = 16;
const maxSegmentCharacters = 256;
const maxQuotedCharacters = 80;

/** Thrown for a malformed permission. `reason` says what is wrong and how to mend it; `message` also quotes the text. */
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
 * @param text - segments joined by `->`, `dtrace->_->get`; white space around a segment is removed
 * @returns 1 to 16 segments of 1 to 256 characters (Unicode code points), with their upper and lower case
 * @throws {PermissionSyntaxError} for any other length, a control character or a lone surrogate
 */
export function parsePermission(text: string): Permission {
  // Before trimming, which would remove a tab or a line break.
  refuseUnprintable(text);
  if (text.trim() === '') {
    throw new PermissionSyntaxError(text, 'it is empty; write segments joined by "->", as in dtrace->_->get');
  }
  const segments = text.split(arrow).map((segment) => segment.trim());
  refuseMisshapen(segments, text);
  return segments;
}

/**
 * Checks segments that do not come from `parsePermission`, such as the words of a command line.
 *
 * @param segments - nothing is trimmed
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

/** The UUID of the script that a permission names: the first segment that is a lower-case UUID, or null. */
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
  // Code points are counted only in long segments.
  if (segment.length > maxSegmentCharacters && [...segment].length > maxSegmentCharacters) {
    return `has ${[...segment].length} characters; shorten it to at most ${maxSegmentCharacters}`;
  }
  return null;
}

/** PostgreSQL cannot store U+0000, no database can store a lone surrogate, and a line break could forge a log line. */
function refuseUnprintable(text: string): void {
  const found = /[\p{Cc}\p{Cs}]/u.exec(text)?.[0];
  if (found === undefined) return;
  const kind = /\p{Cc}/u.test(found) ? 'control character' : 'lone surrogate';
  throw new PermissionSyntaxError(text, `it holds the ${kind} U+${hexOf(found)}; remove it`);
}

/** Quotes a text for a log: short, and without characters that control a terminal. */
function quote(text: string): string {
  // Cut in two steps: a huge text is not split into characters, and an emoji is not cut in half.
  const characters = [...text.slice(0, 2 * maxQuotedCharacters)].slice(0, maxQuotedCharacters).join('');
  const cut = characters.length < text.length ? ' (cut)' : '';
  return JSON.stringify(characters).replace(/\p{Cc}/gu, (c) => `\\u${hexOf(c).toLowerCase()}`) + cut;
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
