import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { errorOf, send } from './client.ts';

const newScript = { name: 'n', script: 'BEGIN { exit(0); }' };

/** The documentation's "Related permissions", and what a caller who holds exactly that one is answered. */
const routes = [
  { method: 'GET', path: '/dtrace', permission: 'cloud->dtrace->list', status: 200 },
  { method: 'HEAD', path: '/dtrace', permission: 'cloud->dtrace->list', status: 200 },
  { method: 'POST', path: '/dtrace', body: newScript, permission: 'cloud->dtrace->create', status: 303 },
  { method: 'GET', path: '/dtrace/UUID', permission: 'dtrace->UUID->get', status: 200 },
  { method: 'HEAD', path: '/dtrace/UUID', permission: 'dtrace->UUID->get', status: 200 },
  { method: 'PUT', path: '/dtrace/UUID', body: { name: 'm' }, permission: 'dtrace->UUID->edit', status: 204 },
  {
    method: 'PUT',
    path: '/dtrace/UUID/metadata',
    body: { k: 1 },
    permission: 'dtrace->UUID->edit',
    status: 204,
  },
  {
    method: 'PUT',
    path: '/dtrace/UUID/metadata/a/b',
    body: { k: 1 },
    permission: 'dtrace->UUID->edit',
    status: 204,
  },
  { method: 'DELETE', path: '/dtrace/UUID/metadata/k', permission: 'dtrace->UUID->edit', status: 204 },
  { method: 'DELETE', path: '/dtrace/UUID', permission: 'dtrace->UUID->delete', status: 204 },
].flatMap((route) => [route, { ...route, path: `/api/0.1.0${route.path}` }]);

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe.each(routes)('$method $path', ({ method, path, permission, status, ...init }) => {
  const at = (text: string, uuid: string) => text.replaceAll('UUID', uuid);
  const absent = randomUUID();

  it.each([
    ['no token', null],
    ['an unknown token', { token: `dtg_${'x'.repeat(43)}` }],
    ['a token in another form', { token: 'ö' }],
  ])('is refused with %s', async (_, as) => {
    const answer = await send(world, as, method, at(path, absent), init);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    if (method !== 'HEAD') expect(answer.body.error.code).toBe('UNAUTHENTICATED');
  });

  it(`is refused without ${permission}, whether or not the script exists`, async () => {
    const uuid = await world.addScript('n');
    const everythingElse = new Set(routes.map((route) => at(route.permission, uuid)));
    everythingElse.delete(at(permission, uuid));
    const token = await world.addUser(randomUUID(), ...everythingElse);
    const refused = await send(world, { token }, method, at(path, uuid), init);
    const refusedToo = await send(world, { token }, method, at(path, absent), init);
    expect([refused.status, refusedToo.status]).toEqual([403, 403]);
    if (method === 'HEAD') return;
    expect(refused.body.error).toEqual({
      code: 'FORBIDDEN',
      message: `You need the permission ${at(permission, uuid)}.`,
      permission: at(permission, uuid),
    });
    expect(JSON.stringify(refusedToo.body)).toBe(JSON.stringify(refused.body).replaceAll(uuid, absent));
  });

  it(`needs ${permission} alone, and takes the UUID in capitals`, async () => {
    const uuid = await world.addScript('n', { metadata: { k: 1 } });
    const token = await world.addUser(randomUUID(), at(permission, uuid));
    const answer = await send(world, { token }, method, at(path, uuid.toUpperCase()), init);
    expect(answer.status).toBe(status);
  });

  if (!path.includes('UUID')) return;

  it('answers 404 when there is no such script', async () => {
    const answer = await send(world, 'admin', method, at(path, absent), init);
    expect(answer.status).toBe(404);
    if (method !== 'HEAD') expect(errorOf(answer).message).toBe(`There is no script ${absent}.`);
  });
});

it('grants the creator of a script everything over it, at once', async () => {
  const token = await world.addUser('maker', 'cloud->dtrace->create');
  const created = await send(world, { token }, 'POST', '/dtrace', { body: newScript });
  const location = created.headers.get('location') ?? '';
  expect((await send(world, { token }, 'GET', location)).body).toMatchObject(newScript);
  expect((await send(world, { token }, 'DELETE', location)).status).toBe(204);
  expect((await send(world, { token }, 'GET', location)).status).toBe(403);
});

it('refuses a token as soon as it is revoked', async () => {
  await world.accounts.add('user', 'leaver');
  await world.accounts.grant('user', 'leaver', '...');
  const { id, token } = await world.accounts.createToken('leaver', null, null);
  expect((await send(world, { token }, 'GET', '/dtrace')).status).toBe(200);
  await world.accounts.revokeToken(id);
  expect((await send(world, { token }, 'GET', '/dtrace')).status).toBe(401);
});
