import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';

/** What the provider's tokens are for, unless others are asked for. */
export const audience = 'https://dtrace.example.com';

/** A key that the provider signs with. */
export interface ProviderKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A real OpenID provider on loopback, whose clients are known by their id: `sub` of the tokens that they get. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** The key in use. */
  readonly key: ProviderKey;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Replaces its key by a new one. */
  rotate(): Promise<void>;
  /** A token by the grant `client_credentials`, which works for a minute. */
  issue(client: string, forAudience?: string): Promise<string>;
}

/**
 * Prepares a provider that is not running yet.
 *
 * @param clients - the claims that the tokens of each client hold besides the usual ones
 */
export async function createOpenIdProvider(
  clients: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<OpenIdProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  let key = await newKey();
  let server: Server | undefined;

  const start = async () => {
    const { privateKey, kid } = key;
    const signing: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
    const provider = new Provider(issuer, {
      clients: Object.keys(clients).map((client_id) => ({
        client_id,
        client_secret: client_id,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      })),
      jwks: { keys: [signing] as never },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, resource) => ({
            scope: '',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 60,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      ttl: { ClientCredentials: 60 },
      extraTokenClaims: (_, { clientId = '' }) => clients[clientId],
    });
    server = createServer(provider.callback());
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async () => {
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    server = undefined;
  };

  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    get key() {
      return key;
    },
    start,
    stop,
    rotate: async () => {
      await stop();
      key = await newKey();
      await start();
    },
    issue: async (client, forAudience = audience) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client}:${client}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: forAudience }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`The provider gave no token: ${response.status}`);
      return token;
    },
  };
}

async function newKey(): Promise<ProviderKey> {
  return { kid: randomUUID(), ...(await generateKeyPair('RS256', { extractable: true })) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
