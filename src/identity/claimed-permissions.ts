import { formatPermission, PermissionSyntaxError, parsePermission } from '../permissions/permission.ts';

const maxEntries = 1_000;

/**
 * The permissions that a claim holds: a list of texts, or one text of words separated by spaces, as `scope` is. What is
 * no permission is left out, as is what such a claim holds for others.
 *
 * @param name - of the claim, `https://example.com/permissions`, or the way to it, `realm_access.roles`
 * @returns null for more entries than anybody should be trusted with
 */
export function readClaimedPermissions(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] | null {
  const claim = Object.hasOwn(claims, name) ? claims[name] : follow(claims, name.split('.'));
  const entries: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  if (entries.length > maxEntries) return null;
  return entries.flatMap((entry) => (typeof entry === 'string' ? normalized(entry) : []));
}

function follow(claims: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    claims,
  );
}

function normalized(text: string): string[] {
  try {
    return [formatPermission(parsePermission(text))];
  } catch (error) {
    if (error instanceof PermissionSyntaxError) return [];
    throw error;
  }
}
