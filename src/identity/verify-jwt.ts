import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { JwtConfig } from '../config.ts';
import { findTextFault } from '../json/json-value.ts';
import type { Logger } from '../telemetry/logger.ts';
import { readClaimedPermissions } from './claimed-permissions.ts';
import { createIssuerKeys } from './issuer-keys.ts';

/** What a JSON Web Token says, once its issuer has been found to have said so. */
export interface VerifiedJwt {
  readonly subject: string;
  readonly expiresAt: Date;
  readonly permissions: readonly string[];
}

const clockToleranceSeconds = 5;

/** What OpenID Connect allows an issuer. */
const maxSubjectLength = 255;

/** The last second that has a year of four digits. */
const maxExpirySeconds = 253_402_300_799;

/** How much is remembered of verified tokens: of ordinary ones some ten thousand. */
const maxRememberedBytes = 16 * 1024 * 1024;

/** What a token, and each permission that it claims, takes in memory besides its texts. */
const [tokenBytes, permissionBytes] = [1_000, 50];

/**
 * Creates the function that verifies JSON Web Tokens: the one algorithm, a key of the issuer, issuer, audience, times.
 *
 * A signature is verified once for as long as the issuer's keys stand. The expiry is checked every time.
 *
 * @returns null for a token that is not to be believed, whatever the reason
 * @throws ServiceUnavailableError when the issuer's keys cannot be read
 */
export function createJwtVerifier(
  config: JwtConfig,
  log: Logger,
  now: () => Date,
): (token: string, digest: string) => Promise<VerifiedJwt | null> {
  const keys = createIssuerKeys(config.jwksUrl, log);
  const remembered = new LRUCache<string, { readonly jwt: VerifiedJwt; readonly keys: number }>({
    maxSize: maxRememberedBytes,
    sizeCalculation: ({ jwt }) => bytesOf(jwt),
  });

  return async (token, digest) => {
    // Read before the verification: should the keys change during it, they are not those that are remembered.
    const version = keys.version();
    const known = remembered.get(digest);
    if (known !== undefined && known.keys === version) return isExpired(known.jwt) ? null : known.jwt;
    const payload = await verify(token);
    const jwt = payload && read(payload);
    if (jwt !== null && version !== undefined) remembered.set(digest, { jwt, keys: version });
    return jwt;
  };

  async function verify(token: string): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        algorithms: [config.algorithm],
        issuer: config.issuer,
        audience: config.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
        currentDate: now(),
      });
      return payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      log.debug({ event: 'jwt-refused', reason: error.message });
      return null;
    }
  }

  function read(payload: JWTPayload): VerifiedJwt | null {
    const { sub: subject, exp = Number.POSITIVE_INFINITY } = payload;
    const name = config.permissionsClaim;
    const permissions = name === undefined ? [] : readClaimedPermissions(payload, name);
    if (isSubject(subject) && exp <= maxExpirySeconds && permissions !== null) {
      return { subject, expiresAt: new Date(exp * 1000), permissions };
    }
    log.debug({
      event: 'jwt-refused',
      reason: 'its subject, its expiry or its permissions are no such thing',
    });
    return null;
  }

  function isExpired({ expiresAt }: VerifiedJwt): boolean {
    return expiresAt.getTime() + clockToleranceSeconds * 1000 <= now().getTime();
  }
}

/** Whether an issuer may call somebody so, and a database can look for it. */
function isSubject(subject: unknown): subject is string {
  return (
    typeof subject === 'string' && subject.length <= maxSubjectLength && findTextFault(subject) === undefined
  );
}

function bytesOf({ subject, permissions }: VerifiedJwt): number {
  return permissions.reduce(
    (bytes, permission) => bytes + permissionBytes + 2 * permission.length,
    tokenBytes + 2 * subject.length,
  );
}
