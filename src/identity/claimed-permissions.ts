import { formatPermission, PermissionSyntaxError, parsePermission } from '../permissions/permission.ts';

const maxEntries = 1_000;

/**
 * Reads the permissions in a claim: a list of texts, or one text with words separated by spaces, like `scope`. Entries that
 * are not permissions are ignored: they may be for other services.
 *
 * @param name - of the claim, `https://example.com/permissions`, or its path, `realm_access.roles`
 * @returns null for more than 1,000 entries
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
