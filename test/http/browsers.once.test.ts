import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

const listed = 'https://console.example.com';
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let world: World;
let server: RunningServer;
beforeAll(async () => {
  world = await createWorld({ CORS_ORIGINS: listed });
  server = await world.listen();
});
afterAll(async () => {
  await world.close();
});

type Headers = Readonly<Record<string, string>>;

function send(path: string, headers: Headers = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(server.url + path, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${world.tokens.admin}`, ...headers },
  });
}

const query = (headers: Headers = {}, document = '{ __typename }') =>
  send(
    '/graphql',
    { 'content-type': 'application/json', ...headers },
    { method: 'POST', body: JSON.stringify({ query: document }) },
  );

describe('what a page of another site sends', () => {
  const foreign: [string, Headers][] = [
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['from another host of the site', { 'sec-fetch-site': 'same-site', origin: 'https://evil.example' }],
    ['without saying from where', { 'sec-fetch-site': 'cross-site' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['over plain HTTP', { origin: 'http://evil.example' }],
  ];

  it.each(foreign)('is refused before it runs: %s', async (_, headers) => {
    const answers = [
      await query(headers),
      await send('/graphql?query=%7B__typename%7D', headers),
      await send('/dtrace', headers),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(await answer.text()).toMatch(
        /"A page of another site sent this\. To allow it, list its origin in CORS_ORIGINS\.".*"BAD_USER_INPUT"|"BAD_USER_INPUT".*"A page of another site/,
      );
    }
  });

  it.each<[string, () => Headers]>([
    ['of a listed origin', () => ({ 'sec-fetch-site': 'cross-site', origin: listed })],
    ['of the gateway', () => ({ 'sec-fetch-site': 'same-origin', origin: server.url })],
    ['of the gateway, over plain HTTP', () => ({ origin: server.url })],
    ['that somebody typed the address of', () => ({ 'sec-fetch-site': 'none' })],
  ])('is answered when the page is one %s', async (_, headers) => {
    expect(await (await query(headers())).json()).toEqual({ data: { __typename: 'Query' } });
    expect((await send('/dtrace', headers())).status).toBe(200);
  });

  it('is answered when it is a link that opens GraphiQL', async () => {
    const link = { ...html, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    for (const path of ['/graphql?query=%7B__typename%7D', '/']) {
      expect((await send(path, link)).status).toBeLessThan(400);
    }
  });
});

describe('bodies', () => {
  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text', 'text/plain', '{"query":"{__typename}"}'],
    ['bare GraphQL', 'application/graphql', '{__typename}'],
    ['JSON in other letters', 'application/json; charset=utf-16', '{"query":"{__typename}"}'],
  ])('of %s are refused with 415', async (_, type, body) => {
    for (const path of ['/graphql', '/dtrace']) {
      const answer = await send(path, { 'content-type': type }, { method: 'POST', body });
      expect(answer.status).toBe(415);
      expect(await answer.text()).toContain('Send the header \\"content-type: application/json\\": not');
    }
  });

  it('that would have to be decompressed are refused with 415', async () => {
    for (const path of ['/graphql', '/dtrace']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      const answer = await send(path, headers, { method: 'POST', body: 'x' });
      expect([answer.status, await answer.text()]).toEqual([415, expect.stringContaining('as it is')]);
    }
  });
});

describe('every answer', () => {
  it.each<[string, () => Promise<Response>]>([
    ['of GraphQL', () => query()],
    ['of GraphQL that is an error', () => query({}, '{')],
    ['of REST', () => send('/dtrace')],
    ['of REST that is an error', () => send('/dtrace/x')],
    ['of a health check', () => send('/health/live')],
    ['to a preflight', () => send('/graphql', { origin: listed }, { method: 'OPTIONS' })],
    ['to what is nowhere', () => send('/nothing')],
  ])('%s can be neither kept, nor framed, nor taken for a page', async (_, answer) => {
    expect(Object.fromEntries((await answer()).headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it("of GraphiQL keeps GraphiQL's own policy, and its files are kept", async () => {
    const page = await send('/graphql', html);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const file = /"(\/graphiql\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
    expect((await send(file)).headers.get('cache-control')).toContain('immutable');
  });

  it('does not say what serves it', async () => {
    const { headers } = await query();
    expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
  });
});

describe('compression', () => {
  const large = '{ __schema { types { name description fields { name description } } } }';

  it.each(['gzip', 'br'])('spares a large answer most of its length, by %s', async (encoding) => {
    const plain = await query({ 'accept-encoding': 'identity' }, large);
    const body = await plain.text();
    expect([plain.headers.get('content-encoding'), body.length > 4_096]).toEqual([null, true]);
    const packed = await query({ 'accept-encoding': encoding }, large);
    expect(packed.headers.get('content-encoding')).toBe(encoding);
    expect(packed.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
    expect(packed.headers.get('content-length')).toBeNull();
    expect(await packed.text()).toBe(body);
  });

  it('leaves alone what is small, what has no body, and what is compressed already', async () => {
    const gzip = { 'accept-encoding': 'gzip' };
    const small = await query(gzip);
    expect([small.headers.get('content-encoding'), small.headers.get('content-length')]).toEqual([
      null,
      '31',
    ]);
    const head = await send('/openapi.json', gzip, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-encoding'), await head.text()]).toEqual([200, null, '']);
    const file = /"(\/graphiql\/[^"]+\.js)"/.exec(await (await send('/graphql', html)).text())?.[1] ?? '';
    expect(await (await send(file, gzip)).text()).not.toBe('');
  });

  it('compresses REST, too', async () => {
    const answer = await send('/openapi.json', { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.json()).toHaveProperty('openapi');
  });
});
