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

/** The most cached digests of tokens that were valid at their last use. */
const maxKnownTokens = 10_000;

/** The length is not checked here: V8 would unroll a bound, at the cost of 20 MiB and 40 ms. */
const bearer = /^Bearer +([\w.~+/=-]+) *$/i;

/** Long enough for a JSON Web Token. The gateway's own tokens are shorter. */
const maxTokenLength = 8_192;

/**
 * Turns an `Authorization` header into a viewer.
 *
 * @param address - of the client; null if it is unknown
 * @param addUser - with `JWT_CREATE_USERS`, creates a user for a JSON Web Token whose subject has none
 * @returns null without a header
 * @throws InvalidTokenError for a token that is malformed, unknown, expired or revoked
 * @throws TooManyFailedSignInsError if the address has sent too many bad tokens
 * @throws ServiceUnavailableError if the database or the issuer's keys cannot be read
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
 * Every request reads the token and the version of its user's permissions. A revocation therefore applies from the next
 * request on, in every process.
 *
 * The time of a check does not help to guess tokens. Tokens are looked up by their SHA-256: a look-up may be faster for
 * some digests, but nobody can choose the digest of a token. Unknown, expired and revoked tokens are the same query
 * without a result.
 */
export function createAuthenticator(dependencies: AuthenticatorDependencies): Authenticator {
  const { accounts, config, log, now } = dependencies;
  const permissionsOf = createUserPermissions(accounts);
  const findJwtViewer =
    config.jwt && createJwtViewer({ config: config.jwt, accounts, permissionsOf, log, now });
  const failedSignIns = createFailedSignIns(config.maxFailedSignIns, log);
  // Known tokens still work from an address that sends too many bad tokens. They are looked up each time.
  const good = new BoundedMap<string, true>(maxKnownTokens);

  return async (authorization, address, addUser) => {
    if (authorization === null) return null;
    // A malformed token is looked up too, and is not found.
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

/** The gateway's own tokens contain no dot. */
function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}
