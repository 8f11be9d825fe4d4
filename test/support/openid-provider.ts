import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';

/** The default audience of the tokens. */
export const audience = 'https://dtrace.example.com';

/** A signing key of the provider. */
export interface ProviderKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A real OpenID provider on loopback. The id of a client is the `sub` of its tokens. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** The current key. */
  readonly key: ProviderKey;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Replaces the key. */
  rotate(): Promise<void>;
  /** Gets a token by the grant `client_credentials`. It works for a minute. */
  issue(client: string, forAudience?: string): Promise<string>;
}

/**
 * Creates a provider without starting it.
 *
 * @param clients - the additional claims in the tokens of each client
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
