import { LRUCache } from 'lru-cache';
import { compilePermissions, type PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, UserState } from '../store/store.ts';

/**
 * How much of users' compiled permissions is kept; each is checked against the database at every request. It is enough for
 * some 140,000 grants of single scripts.
 */
const maxCompiledBytes = 128 * 1024 * 1024;

/** What is kept of a user besides permissions. */
const userBytes = 1_000;

interface Compiled {
  readonly version: number;
  /** The database server of the version. */
  readonly server: number;
  readonly permissions: PermissionSet;
}

/** Creates the function that tells what a user may do, who was read a moment ago. Compiles only what has changed. */
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
    // Read after the version: should a change come between, what is kept is newer than its version, never older.
    const isExtensible = known !== undefined && known.version >= permissionsResetVersion;
    const permissions = isExtensible
      ? known.permissions.extend(await accounts.permissionsAddedTo(userId, known.version))
      : compilePermissions(await accounts.permissionsOf(userId));
    compiled.set(userId, { version, server, permissions });
    return permissions;
  };
}
