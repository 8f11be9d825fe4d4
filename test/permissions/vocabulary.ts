import fc from 'fast-check';
import type { Permission } from '../../src/permissions/permission.ts';

export const UUID = 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e';
export const OTHER_UUID = '0d9b3d0c-8f2e-4d8b-a2a6-3f5c1c9b7e11';

/** Few enough that random grants and random requirements really meet, and awkward enough to matter. */
export const LITERALS = ['dtrace', 'get', 'Get', '__proto__', 'constructor', UUID, '🦊', 'é', 'e\u0301'];

/** What the vocabulary has no grant for. */
export const FRESH = ['fresh', 'toString', 'undefined', 'null', '', 'dtrace->get', 'Symbol(anySegment)'];

const literal = fc.constantFrom(...LITERALS);
const common = fc.constantFrom('dtrace', 'get');

/** Permissions to grant: up to five segments, half of them wildcards. */
export const grant: fc.Arbitrary<Permission> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: common },
    { weight: 1, arbitrary: literal },
    { weight: 2, arbitrary: fc.constant('_') },
    { weight: 3, arbitrary: fc.constant('...') },
  ),
  { minLength: 1, maxLength: 5 },
);

/** Permissions to require: literal, though a `_` or `...` may be among the segments as plain text. */
export const requirement: fc.Arbitrary<Permission> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: common },
    { weight: 2, arbitrary: literal },
    { weight: 1, arbitrary: fc.constantFrom('_', '...', 'fresh') },
  ),
  { maxLength: 6 },
);

export const grants: fc.Arbitrary<Permission[]> = fc.array(grant, { maxLength: 6 });

/** The definition of a match, word for word and without a thought for speed. */
export function matchByDefinition(granted: Permission, required: Permission): boolean {
  const [head, ...tail] = granted;
  if (head === undefined) return required.length === 0;
  if (head === '...' && tail.length === 0) return required.length >= 1;
  if (head === '...') {
    return Array.from({ length: required.length + 1 }, (_, swallowed) => swallowed).some((swallowed) =>
      matchByDefinition(tail, required.slice(swallowed)),
    );
  }
  if (required.length === 0 || (head !== '_' && head !== required[0])) return false;
  return matchByDefinition(tail, required.slice(1));
}
