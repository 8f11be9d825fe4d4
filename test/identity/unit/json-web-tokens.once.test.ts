import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { createGateway } from '../../../src/gateway.ts';
import { generateToken } from '../../../src/identity/token.ts';
import { fetchFrom } from '../../support/fetch-from.ts';
import { audience, createOpenIdProvider, type OpenIdProvider } from '../../support/openid-provider.ts';
import { createWorld, type GraphqlAnswer, sendOperation, type World } from '../../support/world.ts';

const invalid = 'The token is not valid: it is unknown, expired or revoked.';
const unavailable = 'The keys of the issuer of the token cannot be read right now. Try again in a moment.';
const whoAmI = '{ viewer { name permissions token { id label expiresAt } } }';

let provider: OpenIdProvider;
let settings: Readonly<Record<string, string>>;
let world: World;
let script: string;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  provider = await createOpenIdProvider({
    reader: {},
    admin: {},
    nobody: { permissions: ['...'] },
    deployer: {
      permissions: ['dtrace->_->get', ' cloud -> dtrace -> list', 'offline_access', 7, 'x->', '', null],
    },
  });
  settings = {
    JWT_ISSUER: provider.issuer,
    JWT_AUDIENCE: audience,
    JWT_JWKS_URL: provider.jwksUrl,
    JWT_PERMISSIONS_CLAIM: 'permissions',
    LOG_LEVEL: 'silent',
  };
  world = await createWorld(settings);
  script = await world.addScript('guarded');
  await world.accounts.link('reader', 'reader');
  await world.addUser('robot', 'zone->...');
  await world.accounts.link('robot', 'deployer');
});
afterAll(async () => {
  vi.useRealTimers();
  await world.close();
  await provider.stop();
});

const passSeconds = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);
const ask = (token: string, query = whoAmI) => world.ask({ token }, query);
const isRefused = (answer: GraphqlAnswer, message = invalid, code = 'UNAUTHENTICATED') =>
  expect(answer).toMatchObject({
    status: code === 'UNAUTHENTICATED' ? 401 : 503,
    data: undefined,
    errors: [{ message, extensions: { code } }],
  });

/** A token with the claims of one that works, but for those given here, signed as given here. */
function forge(
  claims: JWTPayload = {},
  { key = provider.key.privateKey as CryptoKey | Uint8Array, alg = 'RS256' } = {},
) {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: provider.issuer, aud: audience, sub: 'reader', iat: now, exp: now + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg, kid: provider.key.kid }).sign(key);
}

it('says that the keys cannot be read, until the provider is there', async () => {
  isRefused(await ask(await forge()), unavailable, 'SERVICE_UNAVAILABLE');
  await provider.start();
  passSeconds(1);
  expect((await ask(await forge())).data.viewer.name).toBe('reader');
});

describe('a token of the provider', () => {
  it('stands for the user who is linked to its subject, until it expires', async () => {
    const token = await provider.issue('reader');
    for (const _ of ['verified', 'remembered', 'remembered']) {
      const { data, status } = await ask(token);
      expect(status).toBe(200);
      const { name, permissions, token: shown } = data.viewer;
      expect([name, permissions]).toEqual(['reader', ['cloud->dtrace->list', 'dtrace->_->get']]);
      expect(shown).toEqual({ id: null, label: null, expiresAt: expect.any(String) });
      expect(Date.parse(shown.expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    }
    passSeconds(66);
    isRefused(await ask(token));
  });

  it('is nobody for a subject that no user is linked to, not even the user of that name', async () => {
    for (const client of ['admin', 'nobody']) isRefused(await ask(await provider.issue(client)));
    const token = await provider.issue('nobody');
    await world.accounts.link('lister', 'nobody');
    expect((await ask(token)).data.viewer.name).toBe('lister');
    await world.accounts.link('blind', 'other');
    await world.accounts.link('lister', 'somebody');
    isRefused(await ask(token));
    await world.accounts.link('blind', 'nobody');
    expect((await ask(token)).data.viewer.name).toBe('blind');
    await world.accounts.unlink('blind');
    isRefused(await ask(token));
  });

  it('brings permissions besides those of its user, for GraphQL and REST', async () => {
    const token = await provider.issue('deployer');
    const { data, errors } = await ask(
      token,
      `{ viewer { permissions } dtraceScripts { name } dtraceScript(uuid: "${script}") { name } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      viewer: { permissions: ['cloud->dtrace->list', 'dtrace->_->get', 'offline_access', 'zone->...'] },
      dtraceScripts: [{ name: 'guarded' }],
      dtraceScript: { name: 'guarded' },
    });
    const headers = { authorization: `Bearer ${token}` };
    const rest = async (method: string) =>
      (await world.fetch(`/dtrace/${script}`, { method, headers })).status;
    expect([await rest('GET'), await rest('DELETE')]).toEqual([200, 403]);

    await world.accounts.grant('user', 'robot', 'vm->...');
    expect((await ask(token)).data.viewer.permissions).toContain('vm->...');
    await world.accounts.revoke('user', 'robot', 'vm->...');
    expect((await ask(token)).data.viewer.permissions).not.toContain('vm->...');
    // Which permissions a token brings does not rub off on the user's other tokens.
    const other = await world.accounts.createToken('robot', null, null);
    expect((await ask(other.token)).data.viewer.permissions).toEqual(['zone->...']);

    await world.accounts.delete('user', 'robot');
    isRefused(await ask(token));
  });
});

describe('is refused, in the words of any other bad token:', () => {
  const nowSeconds = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => Promise<string> | string]>([
    ['a token for another audience', () => provider.issue('reader', 'https://other.example.com')],
    ['a token for nobody in particular', () => forge({ aud: undefined as never })],
    ['a token of another issuer', () => forge({ iss: 'https://id.example.com' })],
    ['an issuer with a slash more', () => forge({ iss: `${provider.issuer}/` })],
    ['a token that has expired', () => forge({ exp: nowSeconds() - 6 })],
    ['a token that never expires', () => forge({ exp: undefined as never })],
    ['a token that expires after the end of time', () => forge({ exp: 1e300 })],
    ['a token that expires at a text', () => forge({ exp: '9999999999' as never })],
    ['a token of the future', () => forge({ nbf: nowSeconds() + 60 })],
    ['a token of no subject', () => forge({ sub: undefined as never })],
    ['a subject that is a number', () => forge({ sub: 7 as never })],
    ['a subject that no database takes', () => forge({ sub: 'a\0b' })],
    ['a subject of half a character', () => forge({ sub: '\ud800' })],
    ['a claim of too many permissions', () => forge({ permissions: 'a '.repeat(1_001) })],
    ['a token with a payload beyond all measure', () => forge({ more: 'x'.repeat(8_192) })],
    ['a key of the same name', async () => forge({}, { key: (await generateKeyPair('RS256')).privateKey })],
    [
      'another algorithm with the right key',
      async () => {
        const jwk = await crypto.subtle.exportKey('jwk', provider.key.privateKey);
        const key = await crypto.subtle.importKey(
          'jwk',
          { ...jwk, alg: 'PS256' },
          { name: 'RSA-PSS', hash: 'SHA-256' },
          true,
          ['sign'],
        );
        return forge({}, { key, alg: 'PS256' });
      },
    ],
    [
      'a secret made of the public key',
      async () => forge({}, { key: Buffer.from(await exportSPKI(provider.key.publicKey)), alg: 'HS256' }),
    ],
    [
      'no signature',
      () =>
        new UnsecuredJWT({ sub: 'reader' })
          .setIssuer(provider.issuer)
          .setAudience(audience)
          .setExpirationTime('1 minute')
          .encode(),
    ],
    ['a signature cut off', async () => (await forge()).replace(/[^.]*$/, '')],
    [
      'a payload changed',
      async () => (await forge()).replace(/\.[^.]*\./, `.${btoa('{"sub":"admin"}').replace(/=/g, '')}.`),
    ],
    ['three words', () => 'a.b.c'],
    ['two dots', () => '..'],
    [
      'an unknown key',
      () => new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: '?' }).sign(provider.key.privateKey),
    ],
    ['a token of the gateway that is none', generateToken],
  ])('%s', async (_, token) => isRefused(await ask(await token())));

  it('but not what only looks odd', async () => {
    for (const claims of [
      { aud: ['https://other.example.com', audience] },
      { exp: nowSeconds() - 2, iat: nowSeconds() + 3, nbf: nowSeconds() + 3 },
      { permissions: { a: 1 } },
      { permissions: 'a '.repeat(900) },
      { ['__proto__']: { permissions: ['...'] } },
    ]) {
      const { data } = await ask(await forge(claims));
      expect(data.viewer.name).toBe('reader');
      expect(data.viewer.permissions).not.toContain('...');
    }
  });
});

describe('the keys of the provider', () => {
  it('are read anew for one that is unknown, twice a minute at most, and removed ones are forgotten', async () => {
    passSeconds(600);
    const old = await provider.issue('reader');
    expect((await ask(old)).status).toBe(200);
    await provider.rotate();
    const fresh = await provider.issue('reader');
    isRefused(await ask(fresh));
    expect((await ask(old)).status).toBe(200);
    passSeconds(30);
    expect((await ask(fresh)).data.viewer.name).toBe('reader');
    isRefused(await ask(old));
  });

  it('are kept for ten minutes without the provider', async () => {
    const token = await forge({ exp: Math.floor(Date.now() / 1000) + 3600 });
    passSeconds(600);
    expect((await ask(token)).status).toBe(200);
    await provider.stop();
    passSeconds(599);
    expect((await ask(token)).status).toBe(200);
    expect((await ask(await forge())).status).toBe(200);
    passSeconds(1);
    isRefused(await ask(token), unavailable, 'SERVICE_UNAVAILABLE');
    await provider.start();
    // It is not called again at once.
    isRefused(await ask(token), unavailable, 'SERVICE_UNAVAILABLE');
    passSeconds(1);
    expect((await ask(token)).status).toBe(200);
  });

  it('are not taken from an address that sends elsewhere, too much, or something else', async () => {
    const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
      redirect: (response) => response.writeHead(302, { location: provider.jwksUrl }).end(),
      error: (response) => response.writeHead(500).end('{"keys":[]}'),
      page: (response) => response.end('<!doctype html>'),
      'other JSON': (response) => response.end('{"keys":{}}'),
      flood: (response) => response.end(`{"keys":[],"more":"${'x'.repeat(2 ** 20)}"}`),
    };
    const server = createServer(({ url }, response) => answers[decodeURI(url ?? '').slice(1)]?.(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const token = await forge();
    for (const what of Object.keys(answers)) {
      const config = readConfig({ ...settings, JWT_JWKS_URL: `http://127.0.0.1:${port}/${encodeURI(what)}` });
      const gateway = createGateway(world.store, config);
      const send = async (init: RequestInit) => fetchFrom(gateway)('/graphql', init);
      isRefused(await sendOperation(send, token, whoAmI), unavailable, 'SERVICE_UNAVAILABLE');
    }
    server.close();
  });
});
