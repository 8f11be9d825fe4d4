import { compilePermissions, type PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, UserState } from '../store/store.ts';
import { BoundedMap } from './bounded-map.ts';

/** How many users' compiled permissions are kept; each is checked against the database at every request. */
const maxCompiled = 1_000;

/** How often added grants are laid upon a compiled set before all is compiled anew. */
const maxExtensions = 200;

interface Compiled {
  readonly version: number;
  readonly permissions: PermissionSet;
  readonly extensions: number;
}

/** Creates the function that tells what a user may do, who was read a moment ago. Compiles only what has changed. */
export function createUserPermissions(accounts: AccountStore): (user: UserState) => Promise<PermissionSet> {
  const compiled = new BoundedMap<string, Compiled>(maxCompiled);

  return async ({ userId, permissionsVersion: version, permissionsResetVersion }) => {
    const known = compiled.get(userId);
    if (known?.version === version) return known.permissions;
    // Read after the version: should a change come between, what is kept is newer than its version, never older.
    const isExtensible =
      known !== undefined && known.version >= permissionsResetVersion && known.extensions < maxExtensions;
    const next: Compiled = isExtensible
      ? {
          version,
          permissions: known.permissions.extend(await accounts.permissionsAddedTo(userId, known.version)),
          extensions: known.extensions + 1,
        }
      : { version, permissions: compilePermissions(await accounts.permissionsOf(userId)), extensions: 0 };
    compiled.set(userId, next);
    return next.permissions;
  };
}
