import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ServiceUnavailableError } from '../../src/errors.ts';
import { createGateway } from '../../src/gateway.ts';
import type { Store } from '../../src/store/store.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type World } from '../support/world.ts';
import { send } from './client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
afterEach(() => vi.restoreAllMocks());

/** The same world, where part of the store fails. */
function failing(part: Partial<Store>): Pick<World, 'fetch' | 'tokens'> {
  const gateway = createGateway({ ...world.store, ...part }, world.config);
  return {
    tokens: world.tokens,
    fetch: async (path, init = {}) => fetchFrom(gateway)(path, init),
  };
}

const rejecting = (error: unknown) => () => Promise.reject(error);

describe('when the database cannot be reached', () => {
  const down = rejecting(new ServiceUnavailableError(new Error('down')));

  it.each([
    ['the token', () => ({ accounts: { ...world.store.accounts, findToken: down } })],
    ['the list', () => ({ scripts: { ...world.store.scripts, list: down } })],
  ])('for %s, the answer is 503', async (_, part) => {
    const answer = await send(failing(part()), 'admin', 'GET', '/dtrace');
    expect([answer.status, answer.headers.get('vary')]).toEqual([503, 'accept']);
    expect(answer.body).toEqual({
      error: {
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringMatching(/^The database cannot be reached right now\./),
      },
    });
  });
});

describe('an unexpected error', () => {
  it('is masked, and logged once under the id of the request', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const scripts = { ...world.store.scripts, findMany: rejecting(new Error('the secret of the house')) };
    const path = '/dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e';
    const answer = await send(failing({ scripts }), 'admin', 'GET', path, {
      headers: { 'x-request-id': 'my-id' },
    });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('x-request-id')).toBe('my-id');
    expect(answer.body).toEqual({
      error: { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' },
    });
    expect(log).toHaveBeenCalledTimes(1);
    const entry = JSON.parse(String(log.mock.lastCall?.[0]));
    expect(entry).toMatchObject({
      level: 'error',
      event: 'internal-error',
      requestId: 'my-id',
      method: 'GET',
      path,
    });
    expect(entry.error).toMatch(/^Error: the secret of the house\n/);
    expect(JSON.stringify(entry)).not.toContain(world.tokens.admin);
  });
});

it('every answer carries the id of its request', async () => {
  for (const [as, path] of [
    ['admin', '/dtrace'],
    [null, '/dtrace'],
    ['admin', '/dtrace/x'],
    [null, '/openapi.json'],
  ] as const) {
    const headers = { 'x-request-id': 'abc' };
    expect((await send(world, as, 'GET', path, { headers })).headers.get('x-request-id')).toBe('abc');
    expect((await send(world, as, 'GET', path)).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  }
});
