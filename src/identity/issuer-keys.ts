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

/** A key that the issuer has removed is believed for this long, at most. */
const maxAgeMs = 10 * 60_000;

/** How often tokens with an unknown key make the keys be read anew. */
const cooldownMs = 30_000;

const timeoutMs = 5_000;
const maxBytes = 256 * 1024;

/** How long an issuer that failed is left alone: nobody shall make the gateway call it as fast as tokens come in. */
const pauseMs = 1_000;

/** The public keys that an issuer publishes: read when they are needed first, and kept. */
export interface IssuerKeys {
  /** @throws ServiceUnavailableError when the keys have to be read and cannot be */
  readonly find: JWTVerifyGetKey;
  /** Changes when the keys are read anew; undefined while they have to be. */
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
    // Redirects are not followed: `jose` asks for that, and refuses all but a 200.
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
