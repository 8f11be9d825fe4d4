import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import type { Permission } from './permission.ts';
import { anySegment, type PermissionSet, type Selection } from './permission-set.ts';

interface PermissionHolder {
  readonly permissions: PermissionSet;
}

type RefusalError = UnauthenticatedError | ForbiddenError;

type Values = Readonly<Record<string, unknown>>;

/**
 * Checks permissions. GraphQL and REST both use this check.
 *
 * @param viewer - null for a caller who is not signed in
 * @param requirements - the caller must hold all of them; a segment `$name` stands for the value `name`
 * @returns the error for the first missing permission, or `undefined`
 */
export function findRefusal(
  viewer: PermissionHolder | null,
  requirements: readonly Permission[],
  values: Values,
): RefusalError | undefined {
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

/**
 * The same check for many values. From the second value on it selects all permitted values once: a selection takes longer
 * than the check of one value.
 */
export function createRefusalFinder(
  viewer: PermissionHolder | null,
  requirements: readonly Permission[],
): (values: Values) => RefusalError | undefined {
  let isFirst = true;
  let selections: readonly (NamedSelection | undefined)[] | undefined;
  return (values) => {
    if (viewer === null || isFirst) {
      isFirst = false;
      return findRefusal(viewer, requirements, values);
    }
    selections ??= requirements.map((requirement) => selectionFor(viewer, requirement));
    for (const selection of selections) {
      // Names the missing permission. Also used for requirements without a selection.
      if (!isCovered(selection, values)) return findRefusal(viewer, requirements, values);
    }
    return undefined;
  };
}

function isCovered(selection: NamedSelection | undefined, values: Values): boolean {
  if (selection === undefined) return false;
  return selection.values === 'all' || selection.values.has(String(values[selection.name]));
}

interface NamedSelection {
  readonly name: string;
  readonly values: Selection;
}

function selectionFor(
  { permissions }: PermissionHolder,
  requirement: Permission,
): NamedSelection | undefined {
  const names = requirement.filter((segment) => segment.startsWith('$'));
  if (names.length !== 1) return undefined;
  const query = requirement.map((segment) => (segment.startsWith('$') ? anySegment : segment));
  return { name: names[0]?.slice(1) ?? '', values: permissions.select(query) };
}
