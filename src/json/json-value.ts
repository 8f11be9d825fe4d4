/**
 * The reason why a value cannot be stored as JSON and read back unchanged, or `undefined`.
 *
 * Not allowed are: numbers that JSON cannot write (the input `1e999` is read as infinity); the character U+0000 and lone
 * surrogates, in values and keys (PostgreSQL's `jsonb` stores neither); nesting deeper than `maxDepth` levels. A scalar
 * has depth 0.
 */
export function findJsonFault(value: unknown, maxDepth: number): string | undefined {
  // A path can be too deep even for a scalar.
  if (maxDepth < 0) return tooDeep;
  switch (typeof value) {
    case 'string':
      return findTextFault(value);
    case 'number':
      return Number.isFinite(value) ? undefined : 'a number is too large: JSON holds up to about 1.8e308.';
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (maxDepth === 0) return tooDeep;
      return Array.isArray(value) ? findListFault(value, maxDepth) : findObjectFault(value, maxDepth);
    default:
      return `it holds a ${typeof value}, which is not JSON.`;
  }
}

const tooDeep = 'it is nested too deeply.';

function findListFault(list: readonly unknown[], maxDepth: number): string | undefined {
  for (const element of list) {
    const fault = findJsonFault(element, maxDepth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findObjectFault(object: object, maxDepth: number): string | undefined {
  for (const key of Object.keys(object)) {
    const fault = findTextFault(key) ?? findJsonFault((object as JsonMembers)[key], maxDepth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type JsonMembers = Readonly<Record<string, unknown>>;

/** The reason why a text cannot be stored, or `undefined`. Line breaks, tabs and all other characters are allowed. */
export function findTextFault(text: string): string | undefined {
  if (text.includes('\u0000')) return 'it holds the character U+0000, which databases cannot store.';
  if (!text.isWellFormed()) return 'it holds half of a surrogate pair, which is not valid Unicode.';
  return undefined;
}

/** The size of a text in bytes of UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
