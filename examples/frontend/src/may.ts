import { compilePermissions } from '../../../src/permissions/permission-set.ts';

/** By `Type.field`, what `@permission` says in the schema; filled in when the page is built. */
declare const __REQUIREMENTS__: Readonly<Record<string, readonly string[]>>;

/**
 * Whether a viewer may use a field with these arguments. The page hides the fields that the viewer may not use. This
 * protects nothing: the gateway checks every request itself.
 *
 * @param granted - `viewer { permissions }`
 */
export function may(
  granted: readonly string[],
  field: string,
  args: Readonly<Record<string, string>> = {},
): boolean {
  const permissions = compilePermissions(granted);
  return (__REQUIREMENTS__[field] ?? []).every((required) => {
    const segments = required
      .split('->')
      .map((segment) => (segment.startsWith('$') ? (args[segment.slice(1)] ?? '') : segment));
    return permissions.covers(segments);
  });
}
