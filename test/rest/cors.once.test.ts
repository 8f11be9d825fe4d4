import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const page = 'https://console.example.com';
const other = 'https://other.example.com';

async function ask(corsOrigins: string[], origin: string, path: string, init: RequestInit = {}) {
  const gateway = createGateway(world.store, { ...world.config, corsOrigins });
  return fetchFrom(gateway)(path, {
    ...init,
    headers: { origin, authorization: `Bearer ${world.tokens.admin}`, ...init.headers },
  });
}

const preflight = {
  method: 'OPTIONS',
  headers: {
    'access-control-request-method': 'PUT',
    'access-control-request-headers':
      'authorization, content-type, x-full-list, x-full-list-fields, x-request-id',
  },
};

describe.each(['/dtrace', '/api/0.1.0/dtrace', '/graphql'])('a page of a listed origin, at %s', (path) => {
  it.each([[[page]], [[page, other]], [['*']]])('may ask what it may do, with %j', async (origins) => {
    const { status, headers } = await ask(origins, page, path, preflight);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(page);
    expect(headers.get('access-control-allow-methods')).toBe('PUT');
    expect(headers.get('access-control-allow-headers')).toBe(
      preflight.headers['access-control-request-headers'],
    );
    expect(headers.get('access-control-max-age')).toBe('7200');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([[other], ['null']])('is told apart from a page of %s', async (origin) => {
    for (const origins of [[page], [page, 'https://third.example.com']]) {
      const { headers } = await ask(origins, origin, path, preflight);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('an answer to a page', () => {
  it('may be read, with the headers that it is incomplete without, and still varies by accept', async () => {
    const { status, headers } = await ask([page, other], page, '/dtrace');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(page);
    expect(headers.get('access-control-expose-headers')).toBe('location, link, retry-after, x-request-id');
    expect(headers.get('vary')).toBe('Origin, accept');
  });

  it('may be read when it is an error, too', async () => {
    const { status, headers } = await ask([page], page, '/dtrace', {
      headers: { authorization: 'x' },
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, page]);
  });

  it('says nothing of origins as long as none is listed', async () => {
    const { headers } = await ask([], page, '/dtrace');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('vary')).toBe('accept');
  });
});
