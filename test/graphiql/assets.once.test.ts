import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { welcomeQuery, welcomeVariables } from '../../graphiql/welcome.ts';
import { createGateway } from '../../src/gateway.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const introspect = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
};

/** The gateway with other settings than the world's. */
function gatewayWith(settings: { readonly graphiql?: boolean; readonly introspection?: boolean }) {
  const gateway = createGateway(world.store, { ...world.config, ...settings });
  return async (path: string, init: RequestInit) => fetchFrom(gateway)(path, init);
}

describe('the page', () => {
  it('comes with a policy that allows nothing from elsewhere, and no script but files', async () => {
    const response = await world.fetch('/graphql', { headers: html });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|eval|blob:/);
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|(?:src|href)="(?!\/graphiql\/|data:)/);

    const head = await world.fetch('/graphql', { method: 'HEAD', headers: html });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-security-policy')).toBe(policy);
  });

  it('asks for files that are there, compressed where that is understood, and kept for good', async () => {
    const page = await (await world.fetch('/graphql', { headers: html })).text();
    const files = [...page.matchAll(/"(\/graphiql\/[^"]+)"/g)].map(([, path]) => path as string);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).toMatch(/-[A-Z0-9]{8}\.(js|css)$/);
      const plain = await world.fetch(file);
      expect(plain.status).toBe(200);
      expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(plain.headers.get('content-security-policy')).toContain("default-src 'none'");
      const size = (await plain.arrayBuffer()).byteLength;
      const compressed = await world.fetch(file, { headers: { 'accept-encoding': 'gzip, deflate' } });
      expect(compressed.headers.get('content-encoding')).toBe('gzip');
      expect((await compressed.arrayBuffer()).byteLength).toBeLessThan(size);
    }
  });

  it.each(['/graphiql/', '/graphiql/manifest.json', '/graphiql/..%2f..%2fpackage.json', '/graphiql/x.js'])(
    'serves no other file: %s',
    async (path) => {
      expect((await world.fetch(path)).status).toBe(404);
    },
  );

  it('is only for browsers', async () => {
    const response = await world.fetch('/graphql', { headers: { accept: '*/*' } });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('begins with operations that the schema knows', () => {
    expect(validate(createSchema(), parse(welcomeQuery))).toEqual([]);
    expect(Object.keys(JSON.parse(welcomeVariables))).toEqual(['uuid']);
  });
});

describe('GRAPHIQL=off', () => {
  it('leaves the API, and nothing for browsers', async () => {
    const fetch = gatewayWith({ graphiql: false });
    const page = await fetch('/graphql', { headers: html });
    expect(page.headers.get('content-type')).not.toContain('text/html');
    const files = await (await world.fetch('/graphql', { headers: html })).text();
    expect((await fetch(files.match(/\/graphiql\/[^"]+/)?.[0] ?? '', {})).status).toBe(404);
    expect((await fetch('/', {})).status).toBe(404);
    expect(await (await fetch('/graphql', introspect)).json()).toHaveProperty('data.__schema');
  });
});

describe('INTROSPECTION=off', () => {
  it.each(['{ __schema { queryType { name } } }', '{ __type(name: "Query") { name } }'])(
    'refuses %s',
    async (query) => {
      const fetch = gatewayWith({ introspection: false });
      const response = await fetch('/graphql', {
        ...introspect,
        headers: { ...introspect.headers, accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(400);
      const { errors } = (await response.json()) as { errors: unknown[] };
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('introspection'),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );

  it('leaves __typename, which clients ask for on their own', async () => {
    const fetch = gatewayWith({ introspection: false });
    const response = await fetch('/graphql', { ...introspect, body: '{"query":"{ __typename }"}' });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
