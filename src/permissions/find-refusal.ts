import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import type { Permission } from './permission.ts';
import type { PermissionSet } from './permission-set.ts';

/**
 * Why a caller may not do something, or `undefined` when they may: the one check behind every doorway.
 *
 * @param viewer - null for a caller who is not signed in
 * @param requirements - all of which must be held; a segment `$name` stands for the value of that name
 * @returns the error for the first permission that is lacking
 */
export function findRefusal(
  viewer: { readonly permissions: PermissionSet } | null,
  requirements: readonly Permission[],
  values: Readonly<Record<string, unknown>>,
): UnauthenticatedError | ForbiddenError | undefined {
  if (viewer === null) return new UnauthenticatedError();
  for (const requirement of requirements) {
    const required = requirement.map((segment) =>
      segment.startsWith('$') ? String(values[segment.slice(1)]) : segment,
    );
    if (viewer.permissions.covers(required)) continue;
    const kind = requirement.map((segment) => (segment.startsWith('$') ? '_' : segment));
    return new ForbiddenError(required.join('->'), kind.join('->'));
  }
  return undefined;
}
