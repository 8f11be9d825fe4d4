import type { Config } from '../config.ts';
import { InvalidTokenError } from '../errors.ts';
import type { AccountStore } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { BoundedMap } from './bounded-map.ts';
import { createFailedSignIns } from './failed-sign-ins.ts';
import { type AddUser, createJwtViewer } from './jwt-viewer.ts';
import { digestToken } from './token.ts';
import { createUserPermissions } from './user-permissions.ts';
import type { Viewer } from './viewer.ts';

/** How many tokens are remembered that were good when they last came. */
const maxRemembered = 10_000;

/** Without a bound in the expression: V8 would unroll it, at the cost of 20 MiB and 40 ms. */
const bearer = /^Bearer +([\w.~+/=-]+) *$/i;

/** More than any token of the gateway's own has, and enough for a JSON Web Token. */
const maxTokenLength = 8_192;

/**
 * Turns an `Authorization` header into a viewer.
 *
 * @param address - where the request comes from; null when nobody knows
 * @param addUser - used for a JSON Web Token whose subject is nobody yet, when the settings say so
 * @returns null without a header
 * @throws InvalidTokenError for a token that is malformed, unknown, expired or revoked, in the same words
 * @throws TooManyFailedSignInsError when too many of those came from the address
 * @throws ServiceUnavailableError when the database, or an issuer's keys, cannot be read
 */
export type Authenticator = (
  authorization: string | null,
  address: string | null,
  addUser: AddUser,
) => Promise<Viewer | null>;

export interface AuthenticatorDependencies {
  readonly accounts: AccountStore;
  readonly config: Pick<Config, 'maxFailedSignIns' | 'jwt'>;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * The token and the version of the owner's permissions are read at every request, so that a revocation holds from the
 * next request on, whichever process took it.
 *
 * Nothing here takes longer the better a token is guessed. Tokens are looked up by their SHA-256: an index may well be
 * quicker to miss some digests than others, but whoever wants a token with a digest of their choice has to break SHA-256.
 * What is unknown, expired or revoked is the same one query that finds nothing.
 */
export function createAuthenticator(dependencies: AuthenticatorDependencies): Authenticator {
  const { accounts, config, log, now } = dependencies;
  const permissionsOf = createUserPermissions(accounts);
  const findJwtViewer =
    config.jwt && createJwtViewer({ config: config.jwt, accounts, permissionsOf, log, now });
  const failedSignIns = createFailedSignIns(config.maxFailedSignIns, log);
  // Whoever shares an address with a client that sends bad tokens is not shut out. They are still looked up each time.
  const good = new BoundedMap<string, true>(maxRemembered);

  return async (authorization, address, addUser) => {
    if (authorization === null) return null;
    // What is no token at all is looked up as well, and is as unknown as others.
    const [, sent = ''] = bearer.exec(authorization) ?? [];
    const token = sent.length > maxTokenLength ? '' : sent;
    const digest = digestToken(token);
    const isKnown = good.has(digest);
    if (!isKnown) await failedSignIns.check(address);
    const viewer = await findViewer(token, digest, addUser);
    if (viewer === null) {
      good.delete(digest);
      await failedSignIns.add(address);
      throw new InvalidTokenError();
    }
    if (!isKnown) good.set(digest, true);
    return viewer;
  };

  async function findViewer(token: string, digest: string, addUser: AddUser): Promise<Viewer | null> {
    if (findJwtViewer && isJwt(token)) return findJwtViewer(token, digest, addUser);
    const owner = await accounts.findToken(digest, now());
    if (owner === null) return null;
    return {
      userId: owner.userId,
      name: owner.userName,
      permissions: await permissionsOf(owner),
      token: { id: owner.tokenId, label: owner.label, expiresAt: owner.expiresAt },
    };
  }
}

/** The gateway's own tokens hold no dot. */
function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}
