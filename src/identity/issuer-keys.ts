import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWKSCacheInput,
  type JWTVerifyGetKey,
  jwksCache,
} from 'jose';
import { reasonOf, ServiceUnavailableError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';

/** A key that the issuer has removed is accepted for at most this long. */
const maxAgeMs = 10 * 60_000;

/** Tokens with an unknown key cause a new read of the keys at most this often. */
const cooldownMs = 30_000;

const timeoutMs = 5_000;
const maxBytes = 256 * 1024;

/** After a failure the issuer is not called for this long, however many tokens come in. */
const pauseMs = 1_000;

/** The public keys of an issuer. They are read at their first use, then cached. */
export interface IssuerKeys {
  /** @throws ServiceUnavailableError if the keys cannot be read */
  readonly find: JWTVerifyGetKey;
  /** Changes whenever the keys are read; undefined if they must be read first. */
  version(): number | undefined;
}

export function createIssuerKeys(jwksUrl: string, log: Logger): IssuerKeys {
  let pausedUntil = 0;
  const cache: JWKSCacheInput = {};
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: maxAgeMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
    [jwksCache]: cache,
    // `jose` sets the option not to follow redirects, and refuses every status but 200.
    [customFetch]: async (url, options) => {
      if (Date.now() < pausedUntil) throw new Error('It could not be reached a moment ago.');
      const response = await fetch(url, options);
      return new Response(await readWithin(response, maxBytes), { status: response.status });
    },
  });

  return {
    async find(header, token) {
      try {
        return await keys(header, token);
      } catch (error) {
        const isOfToken =
          error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
        if (isOfToken) throw error;
        if (Date.now() >= pausedUntil) {
          log.warn({ event: 'issuer-keys-unavailable', reason: reasonOf(error) });
          pausedUntil = Date.now() + pauseMs;
        }
        throw new ServiceUnavailableError(
          error,
          'The keys of the issuer of the token cannot be read right now. Try again in a moment.',
        );
      }
    },
    version: () => (keys.fresh ? cache.uat : undefined),
  };
}

async function readWithin(response: Response, maxBytes: number): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`The answer is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
