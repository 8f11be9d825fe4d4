import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { generateToken } from '../../../src/identity/token.ts';
import { createWorld, type World } from '../../support/world.ts';

const max = 5;

let world: World;
beforeAll(async () => {
  world = await createWorld({ MAX_FAILED_SIGN_INS: String(max), LOG_LEVEL: 'silent' });
});
afterAll(() => world.close());
afterEach(() => void vi.useRealTimers());

let lastNetwork = 0;
/** An address that no test has used before. */
const newAddress = () => `198.51.100.${++lastNetwork}`;

/** Asks by GraphQL or by REST, as a client of this address. */
function ask(address: string, token: string, way: 'graphql' | 'rest' = 'graphql'): Promise<Response> {
  const headers = { 'x-forwarded-for': address, authorization: `Bearer ${token}` };
  if (way === 'rest') return world.fetch('/dtrace', { headers });
  const body = JSON.stringify({ query: '{ viewer { name } }' });
  return world.fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
}

async function fail(address: string, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await ask(address, generateToken())).status);
  return statuses;
}

describe('an address that sends bad tokens', () => {
  it.each(['graphql', 'rest'] as const)('is told to wait after so many of them, by %s', async (way) => {
    const address = newAddress();
    expect(await fail(address, max)).toEqual(Array(max).fill(401));
    const response = await ask(address, generateToken(), way);
    expect(response.status).toBe(429);
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    const message = `Too many bad tokens came from your address. Try again in ${seconds} s.`;
    const requestId = response.headers.get('x-request-id');
    expect(await response.json()).toEqual(
      way === 'graphql'
        ? { errors: [{ message, extensions: { code: 'UNAUTHENTICATED', requestId } }] }
        : { error: { code: 'UNAUTHENTICATED', message, requestId } },
    );
  });

  it('is let in again after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const address = newAddress();
    expect((await fail(address, max + 1)).at(-1)).toBe(429);
    vi.advanceTimersByTime(60_000);
    expect(await fail(address, 1)).toEqual([401]);
    expect((await ask(address, world.tokens.reader)).status).toBe(200);
  });

  it('is told so however many it sends at once', async () => {
    const address = newAddress();
    const responses = await Promise.all(Array.from({ length: 20 }, () => ask(address, generateToken())));
    expect(responses.filter(({ status }) => status === 401)).toHaveLength(max);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(20 - max);
  });

  it('does not shut out others, nor those behind it whose tokens were good before', async () => {
    const shared = newAddress();
    const { token, id } = await world.accounts.createToken('reader', null, null);
    expect((await ask(newAddress(), token)).status).toBe(200);
    await fail(shared, max);
    expect((await ask(shared, token)).status).toBe(200);
    expect((await ask(shared, token, 'rest')).status).toBe(200);
    expect((await ask(newAddress(), world.tokens.editor)).status).toBe(200);
    // A good token that has never been here looks like any other guess.
    expect((await ask(shared, world.tokens.blind)).status).toBe(429);

    await world.accounts.revokeToken(id);
    expect((await ask(shared, token)).status).toBe(429);
    expect((await ask(newAddress(), token)).status).toBe(401);
  });
});

it.each([
  ['2001:db8:1:2::1', '2001:DB8:0001:2:ffff::9', '2001:db8:1:3::1'],
  ['2001:db8::1', '2001:db8:0:0:1:2:3:4', '2001:db8:0:1::1'],
  ['1::5:6:7:8:9', '1:0:0:5::', '1::4:5:6:7:8'],
  ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.8'],
  ['fe80::1%lo', 'fe80::2%a.1', 'fe80:0:0:1::1%lo'],
])('takes %s and %s for one client, and %s for another', async (one, same, other) => {
  await fail(one, max);
  expect([...(await fail(same, 1)), ...(await fail(other, 1))]).toEqual([429, 401]);
});

it('counts no request without a token', async () => {
  const address = newAddress();
  const headers = { 'x-forwarded-for': address };
  for (let n = 0; n <= max; n += 1) await world.fetch('/dtrace', { headers });
  expect(await fail(address, 1)).toEqual([401]);
});
