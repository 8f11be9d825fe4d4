import { LRUCache } from 'lru-cache';
import type { JwtConfig } from '../config.ts';
import { BadUserInputError, ConflictError } from '../errors.ts';
import type { PermissionSet } from '../permissions/permission-set.ts';
import type { AccountStore, UserState } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createJwtVerifier, type VerifiedJwt } from './verify-jwt.ts';
import type { Viewer } from './viewer.ts';

/** Creates a user with the name of the subject. @throws ConflictError, BadUserInputError if it is not possible */
export type AddUser = (subject: string) => Promise<void>;

export interface JwtViewerDependencies {
  readonly config: JwtConfig;
  readonly accounts: AccountStore;
  readonly permissionsOf: (user: UserState) => Promise<PermissionSet>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** The most bytes of cached permissions that combine a user's with a token's. */
const maxCombinedBytes = 64 * 1024 * 1024;

/**
 * Creates the function that finds the viewer of a JSON Web Token: the user linked to its subject, with the user's own
 * permissions and those that the token claims. The user is read at every request.
 *
 * @returns null for an invalid token, or one whose subject has no user
 * @throws ServiceUnavailableError if the issuer's keys or the database cannot be reached
 */
export function createJwtViewer({ config, accounts, permissionsOf, log, now }: JwtViewerDependencies) {
  const verify = createJwtVerifier(config, log, now);
  const combined = new LRUCache<VerifiedJwt, { readonly own: PermissionSet; readonly all: PermissionSet }>({
    maxSize: maxCombinedBytes,
    // An upper bound: some of it may be shared with the user's own set.
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
    // Also after a refusal: another request or process may have created the user at the same time.
    const user = await accounts.findSubject(subject);
    if (user === null) log.warn({ event: 'user-not-created', subject, reason: refusal });
    return user;
  }

  /** Cached until the user's own set changes: a change makes a new set. */
  function withClaimed(own: PermissionSet, jwt: VerifiedJwt): PermissionSet {
    if (jwt.permissions.length === 0) return own;
    const known = combined.get(jwt);
    if (known?.own === own) return known.all;
    const all = own.extend(jwt.permissions);
    combined.set(jwt, { own, all });
    return all;
  }
}
