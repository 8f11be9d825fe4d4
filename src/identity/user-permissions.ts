import { LRUCache } from 'lru-cache';
import { compilePermissions, type PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, UserState } from '../store/store.ts';

/**
 * The most bytes of cached permission sets: enough for about 140,000 grants of single scripts. Every request compares the
 * version with the database.
 */
const maxCompiledBytes = 128 * 1024 * 1024;

/** The size of a cache entry besides the permissions. */
const userBytes = 1_000;

interface Compiled {
  readonly version: number;
  /** The database server of the version. */
  readonly server: number;
  readonly permissions: PermissionSet;
}

/** Creates the function that returns the permissions of a user. Only changed permissions are compiled. */
export function createUserPermissions(accounts: AccountStore): (user: UserState) => Promise<PermissionSet> {
  const compiled = new LRUCache<string, Compiled>({
    maxSize: maxCompiledBytes,
    sizeCalculation: ({ permissions }) => userBytes + permissions.bytes,
  });

  return async ({ userId, permissionsVersion: version, permissionsResetVersion, server }) => {
    // Versions of another server say nothing about what was compiled here.
    if (server === undefined) return compilePermissions(await accounts.permissionsOf(userId));
    const cached = compiled.get(userId);
    const known = cached?.server === server ? cached : undefined;
    if (known?.version === version) return known.permissions;
    // Read after the version: after a change in between, the cached set is newer than its version, never older.
    const isExtensible = known !== undefined && known.version >= permissionsResetVersion;
    const permissions = isExtensible
      ? known.permissions.extend(await accounts.permissionsAddedTo(userId, known.version))
      : compilePermissions(await accounts.permissionsOf(userId));
    compiled.set(userId, { version, server, permissions });
    return permissions;
  };
}
