import { LRUCache } from 'lru-cache';
import type { JwtConfig } from '../config.ts';
import { BadUserInputError, ConflictError } from '../errors.ts';
import type { PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, UserState } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createJwtVerifier, type VerifiedJwt } from './verify-jwt.ts';
import type { Viewer } from './viewer.ts';

/** Makes a user out of a subject, named by it. @throws ConflictError, BadUserInputError when that cannot be */
export type AddUser = (subject: string) => Promise<void>;

export interface JwtViewerDependencies {
  readonly config: JwtConfig;
  readonly accounts: AccountStore;
  readonly permissionsOf: (user: UserState) => Promise<PermissionSet>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** How much is kept of permissions that users and tokens have together. */
const maxCombinedBytes = 64 * 1024 * 1024;

/**
 * Creates the function that finds the viewer whom a JSON Web Token stands for: the user who is linked to its subject,
 * with the permissions that the token claims besides the user's own. The user is read at every request.
 *
 * @returns null for a token that is not to be believed, or whose subject is nobody here
 * @throws ServiceUnavailableError when the issuer's keys, or the database, cannot be reached
 */
export function createJwtViewer({ config, accounts, permissionsOf, log, now }: JwtViewerDependencies) {
  const verify = createJwtVerifier(config, log, now);
  const combined = new LRUCache<VerifiedJwt, { readonly own: PermissionSet; readonly all: PermissionSet }>({
    maxSize: maxCombinedBytes,
    // As if nothing was shared with the user's own, which may have been compiled anew since.
    sizeCalculation: ({ all }) => all.bytes + 1,
  });

  return async (token: string, digest: string, addUser: AddUser): Promise<Viewer | null> => {
    const jwt = await verify(token, digest);
    if (jwt === null) return null;
    const { subject, expiresAt } = jwt;
    const user =
      (await accounts.findSubject(subject)) ??
      (config.createUsers ? await createUser(subject, addUser) : null);
    if (user === null) {
      log.debug({ event: 'jwt-refused', reason: 'no user is linked to its subject', subject });
      return null;
    }
    return {
      userId: user.userId,
      name: user.userName,
      permissions: withClaimed(await permissionsOf(user), jwt),
      token: { id: null, label: null, expiresAt },
    };
  };

  async function createUser(subject: string, addUser: AddUser): Promise<UserState | null> {
    let refusal: string | undefined;
    try {
      await addUser(subject);
    } catch (error) {
      if (!(error instanceof ConflictError || error instanceof BadUserInputError)) throw error;
      refusal = error.message;
    }
    // Also after a refusal: another process, or another request, may have been quicker with the same subject.
    const user = await accounts.findSubject(subject);
    if (user === null) log.warn({ event: 'user-not-created', subject, reason: refusal });
    return user;
  }

  /** Compiled once for each set of own permissions, which is another one as soon as they have changed. */
  function withClaimed(own: PermissionSet, jwt: VerifiedJwt): PermissionSet {
    if (jwt.permissions.length === 0) return own;
    const known = combined.get(jwt);
    if (known?.own === own) return known.all;
    const all = own.extend(jwt.permissions);
    combined.set(jwt, { own, all });
    return all;
  }
}
