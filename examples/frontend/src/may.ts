import { matchPermission } from '../../../src/permissions/match-permission.ts';

/** By `Type.field`, what `@permission` says in the schema; filled in when the page is built. */
declare const __REQUIREMENTS__: Readonly<Record<string, readonly string[]>>;

/**
 * Whether a viewer may use a field with these arguments, so that the page can hide what they may not. The gateway
 * checks again: this spares people a refusal, it protects nothing.
 *
 * @param granted - `viewer { permissions }`
 */
export function may(
  granted: readonly string[],
  field: string,
  args: Readonly<Record<string, string>> = {},
): boolean {
  return (__REQUIREMENTS__[field] ?? []).every((required) => {
    const segments = required
      .split('->')
      .map((segment) => (segment.startsWith('$') ? (args[segment.slice(1)] ?? '') : segment));
    return granted.some((permission) => matchPermission(permission.split('->'), segments));
  });
}
