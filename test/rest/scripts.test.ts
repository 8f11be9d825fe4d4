import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { errorOf, send } from './client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const newScript = { name: 'n', script: 'BEGIN { exit(0); }' };
const create = (body: unknown, path = '/dtrace') => send(world, 'creator', 'POST', path, { body });
const read = async (path: string) => (await send(world, 'admin', 'GET', path)).body;

describe('POST /dtrace', () => {
  it.each([
    '/dtrace',
    '/dtrace/',
    '/api/0.1.0/dtrace',
    '/api/0.2.0/dtrace/',
    '/api/anything%20at-all/dtrace',
  ])('to %s answers with an address that has the same prefix', async (path) => {
    const answer = await create(newScript, path);
    const location = answer.headers.get('location') ?? '';
    expect(answer.status).toBe(303);
    expect(location.slice(0, location.lastIndexOf('/'))).toBe(path.replace(/\/$/, ''));
    expect(await read(location)).toMatchObject(newScript);
  });

  it('keeps config and metadata as they came, whatever their keys', async () => {
    const body =
      '{"name":"n","script":"s","config":{"__proto__":{"x":1}},"metadata":{"constructor":[null],"😀":""}}';
    const { headers } = await create(body);
    const { config, metadata } = await read(headers.get('location') ?? '');
    expect(JSON.stringify(config)).toBe('{"__proto__":{"x":1}}');
    expect(metadata).toEqual({ constructor: [null], '😀': '' });
  });

  it('makes another script each time, as names need not be unique', async () => {
    const [first, second] = [await create(newScript), await create(newScript)];
    expect(second.status).toBe(303);
    expect(second.headers.get('location')).not.toBe(first.headers.get('location'));
  });

  it.each([
    [{ script: 's' }, 'name', 'it is missing.'],
    [{ name: 'n' }, 'script', 'it is missing.'],
    [{ name: 1, script: 's' }, 'name', 'it must be a string.'],
    [{ name: null, script: 's' }, 'name', 'it must be a string.'],
    [{ ...newScript, config: [] }, 'config', 'it must be an object.'],
    [{ ...newScript, metadata: null }, 'metadata', 'it must be an object.'],
    [{ ...newScript, scirpt: '' }, 'scirpt', 'it is unknown here. Known are name, script, config, metadata.'],
    [{ ...newScript, name: ' ' }, 'name', 'it must not be empty.'],
    [
      { ...newScript, name: 'a\u0000' },
      'name',
      'it holds the character U+0000, which databases cannot store.',
    ],
    [
      { ...newScript, config: { '\ud800': 1 } },
      'config',
      'it holds half of a surrogate pair, which is not valid Unicode.',
    ],
  ])('refuses %j', async (body, argument, reason) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual({
      code: 'BAD_USER_INPUT',
      message: `Argument "${argument}": ${reason}`,
      argument,
    });
  });
});

describe('PUT /dtrace/UUID', () => {
  it('changes what is given and answers 204', async () => {
    const uuid = await world.addScript('before', { config: { a: 1 }, metadata: { m: 1 } });
    for (const changes of [{ name: 'after' }, { script: 'END {}' }, { config: { b: 2 } }]) {
      const answer = await send(world, 'editor', 'PUT', `/dtrace/${uuid}`, { body: changes });
      expect([answer.status, answer.body]).toEqual([204, undefined]);
    }
    expect(await read(`/dtrace/${uuid}`)).toEqual({
      uuid,
      name: 'after',
      script: 'END {}',
      config: { b: 2 },
      metadata: { m: 1 },
    });
  });

  it.each([
    [{}, 'input', 'it changes nothing. Give at least one of name, script and config.'],
    [{ name: null }, 'name', 'it must be a string.'],
    [{ metadata: {} }, 'metadata', 'it is unknown here. Known are name, script, config.'],
    [{ uuid: 'x', name: 'n' }, 'uuid', 'it is unknown here. Known are name, script, config.'],
  ])('refuses %j and changes nothing', async (body, argument, reason) => {
    const uuid = await world.addScript('kept');
    const answer = await send(world, 'editor', 'PUT', `/dtrace/${uuid}`, { body });
    expect(answer.body.error).toMatchObject({ argument, message: `Argument "${argument}": ${reason}` });
    expect((await read(`/dtrace/${uuid}`)).name).toBe('kept');
  });
});

it('a deleted script is gone', async () => {
  const uuid = await world.addScript('short-lived');
  expect((await send(world, 'admin', 'DELETE', `/dtrace/${uuid}`)).status).toBe(204);
  const again = await send(world, 'admin', 'DELETE', `/dtrace/${uuid}`);
  expect(errorOf(again)).toEqual({ status: 404, code: 'NOT_FOUND', message: `There is no script ${uuid}.` });
});
