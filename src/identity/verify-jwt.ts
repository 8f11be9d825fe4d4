import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { JwtConfig } from '../config.ts';
import { findTextFault } from '../json/json-value.ts';
import type { Logger } from '../telemetry/logger.ts';
import { readClaimedPermissions } from './claimed-permissions.ts';
import { createIssuerKeys } from './issuer-keys.ts';

/** The contents of a JSON Web Token with a valid signature. */
export interface VerifiedJwt {
  readonly subject: string;
  readonly expiresAt: Date;
  readonly permissions: readonly string[];
}

const clockToleranceSeconds = 5;

/** The limit of OpenID Connect. */
const maxSubjectLength = 255;

/** The last second that has a year of four digits. */
const maxExpirySeconds = 253_402_300_799;

/** The most bytes of cached tokens: about ten thousand ordinary ones. */
const maxCachedBytes = 16 * 1024 * 1024;

/** The size in memory of a token, and of each claimed permission, besides their texts. */
const [tokenBytes, permissionBytes] = [1_000, 50];

/**
 * Creates the function that verifies JSON Web Tokens: algorithm, signature, issuer, audience and times.
 *
 * A verified signature is cached until the issuer's keys are read again. The expiry is checked every time.
 *
 * @returns null for an invalid token
 * @throws ServiceUnavailableError if the issuer's keys cannot be read
 */
export function createJwtVerifier(
  config: JwtConfig,
  log: Logger,
  now: () => Date,
): (token: string, digest: string) => Promise<VerifiedJwt | null> {
  const keys = createIssuerKeys(config.jwksUrl, log);
  const cache = new LRUCache<string, { readonly jwt: VerifiedJwt; readonly keys: number }>({
    maxSize: maxCachedBytes,
    sizeCalculation: ({ jwt }) => bytesOf(jwt),
  });

  return async (token, digest) => {
    // Read before the verification: if the keys change during it, the cached version is the old one.
    const version = keys.version();
    const known = cache.get(digest);
    if (known !== undefined && known.keys === version) return isExpired(known.jwt) ? null : known.jwt;
    const payload = await verify(token);
    const jwt = payload && read(payload);
    if (jwt !== null && version !== undefined) cache.set(digest, { jwt, keys: version });
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

/** Whether a text is a valid subject that databases can store. */
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
