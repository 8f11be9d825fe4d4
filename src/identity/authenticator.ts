import { InvalidTokenError } from '../errors.ts';
import { compilePermissions, type PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, TokenOwner } from '../store/store.ts';
import { digestToken } from './token.ts';
import type { Viewer } from './viewer.ts';

/** How many users' compiled permissions are kept; each is checked against the database at every request. */
const maxCompiled = 1_000;

/** How often added grants are laid upon a compiled set before all is compiled anew. */
const maxExtensions = 200;

interface Compiled {
  readonly version: number;
  readonly permissions: PermissionSet;
  readonly extensions: number;
}

/** Longer than any token that was ever handed out. */
const maxTokenLength = 512;

export type Authenticator = (authorization: string | null) => Promise<Viewer | null>;

/**
 * Creates the function that turns an `Authorization` header into a viewer.
 *
 * The token and the version of the owner's permissions are read at every request, so that a revocation holds from the
 * next request on, whichever process took it. Only compiling the permissions is saved while that version stands.
 *
 * @returns null without a header
 * @throws InvalidTokenError for a token that is malformed, unknown, expired or revoked, in the same words
 */
export function createAuthenticator(accounts: AccountStore, now: () => Date): Authenticator {
  const compiled = new Map<string, Compiled>();

  return async (authorization) => {
    if (authorization === null) return null;
    const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > maxTokenLength) throw new InvalidTokenError();
    const owner = await accounts.findToken(digestToken(token));
    if (owner === null || owner.revokedAt !== null) throw new InvalidTokenError();
    if (owner.expiresAt !== null && owner.expiresAt <= now()) throw new InvalidTokenError();
    return {
      userId: owner.userId,
      name: owner.userName,
      permissions: await permissionsOf(owner),
      token: { id: owner.tokenId, label: owner.label, expiresAt: owner.expiresAt },
    };
  };

  async function permissionsOf(owner: TokenOwner): Promise<PermissionSet> {
    const { userId, permissionsVersion: version, permissionsResetVersion } = owner;
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
    compiled.delete(userId);
    compiled.set(userId, next);
    const oldest = compiled.keys().next();
    if (compiled.size > maxCompiled && !oldest.done) compiled.delete(oldest.value);
    return next.permissions;
  }
}
