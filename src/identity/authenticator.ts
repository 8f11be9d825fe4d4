import type { Config } from '../config.ts';
import { InvalidTokenError } from '../errors.ts';
import type { AccountStore } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { BoundedMap } from './bounded-map.ts';
import { createFailedSignIns } from './failed-sign-ins.ts';
import { digestToken } from './token.ts';
import { createUserPermissions } from './user-permissions.ts';
import type { Viewer } from './viewer.ts';

/** How many tokens are remembered that were good when they last came. */
const maxRemembered = 10_000;

/** Longer than any token that was ever handed out. */
const maxTokenLength = 512;

/**
 * Turns an `Authorization` header into a viewer.
 *
 * @param address - where the request comes from; null when nobody knows
 * @returns null without a header
 * @throws InvalidTokenError for a token that is malformed, unknown, expired or revoked, in the same words
 * @throws TooManyFailedSignInsError when too many of those came from the address
 */
export type Authenticator = (authorization: string | null, address: string | null) => Promise<Viewer | null>;

export interface AuthenticatorDependencies {
  readonly accounts: AccountStore;
  readonly config: Pick<Config, 'maxFailedSignIns'>;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * The token and the version of the owner's permissions are read at every request, so that a revocation holds from the
 * next request on, whichever process took it.
 *
 * Nothing here takes longer the better a token is guessed. Tokens are looked up by their SHA-256: an index may well be
 * quicker to miss some digests than others, but whoever wants a token with a digest of their choice has to break SHA-256.
 * What is unknown, expired or revoked costs the same one query.
 */
export function createAuthenticator({
  accounts,
  config,
  log,
  now,
}: AuthenticatorDependencies): Authenticator {
  const permissionsOf = createUserPermissions(accounts);
  const failedSignIns = createFailedSignIns(config.maxFailedSignIns, log);
  // Whoever shares an address with a client that sends bad tokens is not shut out. They are still looked up each time.
  const good = new BoundedMap<string, true>(maxRemembered);

  return async (authorization, address) => {
    if (authorization === null) return null;
    const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
    const digest = token === undefined || token.length > maxTokenLength ? null : digestToken(token);
    if (digest === null || !good.has(digest)) await failedSignIns.check(address);
    const viewer = digest === null ? null : await findViewer(digest);
    if (digest === null || viewer === null) {
      if (digest !== null) good.delete(digest);
      await failedSignIns.add(address);
      throw new InvalidTokenError();
    }
    if (!good.has(digest)) good.set(digest, true);
    return viewer;
  };

  async function findViewer(digest: string): Promise<Viewer | null> {
    const owner = await accounts.findToken(digest);
    if (owner === null || owner.revokedAt !== null) return null;
    if (owner.expiresAt !== null && owner.expiresAt <= now()) return null;
    return {
      userId: owner.userId,
      name: owner.userName,
      permissions: await permissionsOf(owner),
      token: { id: owner.tokenId, label: owner.label, expiresAt: owner.expiresAt },
    };
  }
}
