import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { errorOf, send } from './client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ MAX_METADATA_BYTES: '20000' });
});
afterAll(() => world.close());

const put = (uuid: string, path: string, body: unknown) =>
  send(world, 'blind', 'PUT', `/dtrace/${uuid}/metadata${path}`, { body });
const remove = (uuid: string, path: string) =>
  send(world, 'blind', 'DELETE', `/dtrace/${uuid}/metadata${path}`);
const stateOf = async (uuid: string) =>
  JSON.parse(JSON.stringify(await world.store.scripts.findMany([uuid], ['metadata', 'revision'])))[0];

describe('PUT …/metadata', () => {
  it.each<[string, object, string, unknown, object]>([
    ['a key at the root', {}, '', { k: 1 }, { k: 1 }],
    ['a key at the root, with a slash', {}, '/', { k: 1 }, { k: 1 }],
    ['a key below the path', {}, '/a/b', { k: 'v' }, { a: { b: { k: 'v' } } }],
    [
      'every key of the body',
      { a: { x: 0, z: 0 } },
      '/a',
      { x: 1, y: [2], n: null },
      { a: { x: 1, y: [2], n: null, z: 0 } },
    ],
    [
      'several keys in an object that is yet to be',
      { z: 1 },
      '/a/b',
      { x: 1, y: 2 },
      { z: 1, a: { b: { x: 1, y: 2 } } },
    ],
    [
      'the rest is left alone',
      { a: { b: { c: 1 } }, d: 2 },
      '/a',
      { e: 3 },
      { a: { b: { c: 1 }, e: 3 }, d: 2 },
    ],
    ['a value that replaces another', { a: { b: 1 } }, '', { a: 2 }, { a: 2 }],
    ['a slash at the end counts for nothing', {}, '/a/', { k: 1 }, { a: { k: 1 } }],
    ['an empty key between two slashes', {}, '//a', { k: 1 }, { '': { a: { k: 1 } } }],
    ['an escaped slash within a key', {}, '/a%2Fb', { k: 1 }, { 'a/b': { k: 1 } }],
    ['an escaped percent sign', {}, '/100%25/%2520', { k: 1 }, { '100%': { '%20': { k: 1 } } }],
    ['a plus sign is a plus sign', {}, '/a+b', { k: 1 }, { 'a+b': { k: 1 } }],
    ['emoji', {}, '/%F0%9F%98%80', { '👩‍🔬': '🔭' }, { '😀': { '👩‍🔬': '🔭' } }],
    ['quotes and backslashes', {}, '/%22a%22/%5C', { 'a"b\\': 1 }, { '"a"': { '\\': { 'a"b\\': 1 } } }],
    ['dots', {}, '/a.b/%2E%2E', { '.': 1 }, { 'a.b': { '..': { '.': 1 } } }],
    [
      'names that JavaScript knows',
      {},
      '/constructor/toString',
      { hasOwnProperty: 1 },
      { constructor: { toString: { hasOwnProperty: 1 } } },
    ],
    ['a number for a key', { '0': {} }, '/0', { '1': 'x' }, { '0': { '1': 'x' } }],
  ])('sets %s', async (_, before, path, body, after) => {
    const uuid = await world.addScript('n', { metadata: before });
    const answer = await put(uuid, path, body);
    expect([answer.status, answer.body, answer.headers.get('vary')]).toEqual([204, undefined, 'accept']);
    expect(await stateOf(uuid)).toEqual({ uuid, metadata: after, revision: 2 });
  });

  it('sets __proto__ like any other key', async () => {
    const uuid = await world.addScript('n');
    await put(uuid, '/__proto__', '{"__proto__": {"polluted": true}, "b": 1}');
    const answer = await send(world, 'admin', 'GET', `/dtrace/${uuid}`);
    expect(Object.keys(answer.body.metadata)).toEqual(['__proto__']);
    expect(Object.entries(Object.values<object>(answer.body.metadata)[0] ?? {})).toEqual(
      expect.arrayContaining([
        ['__proto__', { polluted: true }],
        ['b', 1],
      ]),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('takes the last value of a key that is there twice', async () => {
    const uuid = await world.addScript('n');
    await put(uuid, '', '{"k": 1, "k": 2}');
    expect((await stateOf(uuid))?.metadata).toEqual({ k: 2 });
  });

  it('sets a thousand keys at once, and refuses more', async () => {
    const uuid = await world.addScript('n', { metadata: { kept: true } });
    const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index]));
    expect((await put(uuid, '', keys)).status).toBe(204);
    expect((await stateOf(uuid))?.metadata).toEqual({ kept: true, ...keys });
    expect(errorOf(await put(uuid, '', { ...keys, more: 1 }))).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: 'Argument "metadata": it has 1001 keys; 1000 are allowed at once.',
    });
  });

  it.each<[string, string, unknown, RegExp]>([
    ['a number in the way', '/n', { k: 1 }, /^Argument "path": the metadata at n is not an object/],
    ['a text far up the way', '/s/t/u', { k: 1 }, /^Argument "path": the metadata at s is not an object/],
    ['a null in the way', '/nothing', { k: 1 }, /at nothing is not an object/],
    ['an array in the way', '/list/0', { k: 1 }, /at list is not an object/],
    ['an empty object', '', {}, /^Argument "metadata": it sets nothing. Give at least one key.$/],
    ['one bad key among good ones', '', { good: 1, 'bad\u0000': 1 }, /U\+0000/],
    ['one bad value among good ones', '', { good: 1, bad: '\ud800' }, /surrogate/],
    ['NUL in the path', '/a%00b', { k: 1 }, /^Argument "path": it holds the character U\+0000/],
    ['a bad escape', '/%zz', { k: 1 }, /^Argument "path": "%zz" is not percent-encoded UTF-8/],
    ['a lone percent sign', '/100%', { k: 1 }, /not percent-encoded/],
    ['an escape that is not UTF-8', '/%ff', { k: 1 }, /not percent-encoded/],
    [
      'a path that is too long',
      '/a'.repeat(16),
      { k: 1 },
      /^Argument "path": it has 17 keys; 16 are allowed\.$/,
    ],
    ['a key that is too long', `/${'k'.repeat(257)}`, { k: 1 }, /a key has 257 bytes; 256 are allowed/],
    [
      'metadata that would grow too large',
      '',
      { a: 'x'.repeat(15_000), b: 'x'.repeat(5_000) },
      /beyond 20000 bytes/,
    ],
  ])('refuses %s and changes nothing', async (_, path, body, message) => {
    const metadata = { n: 1, s: 'text', nothing: null, list: [{}], free: {} };
    const uuid = await world.addScript('n', { metadata });
    const error = errorOf(await put(uuid, path, body));
    expect(error).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(error.message).toMatch(message);
    expect(await stateOf(uuid)).toEqual({ uuid, metadata, revision: 1 });
  });

  it('loses nothing when many write at once', async () => {
    const uuid = await world.addScript('n');
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        put(uuid, `/shared/${index % 3}`, { [`a${index}`]: index, [`b${index}`]: index }),
      ),
    );
    const state = await stateOf(uuid);
    const shared = Object.values(state?.metadata?.shared as Record<string, object>);
    expect(shared.flatMap((object) => Object.keys(object))).toHaveLength(60);
    expect(state?.revision).toBe(31);
  });
});

describe('DELETE …/metadata/…', () => {
  it.each<[string, object, string, object]>([
    ['a key', { a: 1, b: 2 }, '/a', { b: 2 }],
    ['a key further in', { a: { b: { c: 1, d: 2 } } }, '/a/b/c', { a: { b: { d: 2 } } }],
    ['a whole object', { a: { b: 1 } }, '/a', {}],
    ['a null', { a: null }, '/a/', {}],
    ['an escaped key', { 'a/b': { '😀': 1 } }, '/a%2Fb/%F0%9F%98%80', { 'a/b': {} }],
    ['a key that a URL would take for a step upwards', { '..': 1 }, '/..', {}],
  ])('removes %s', async (_, before, path, after) => {
    const uuid = await world.addScript('n', { metadata: before });
    const answer = await remove(uuid, path);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(await stateOf(uuid)).toEqual({ uuid, metadata: after, revision: 2 });
  });

  it.each([
    ['/absent', 404, 'Script UUID has no metadata at absent.'],
    ['/a/absent', 404, 'Script UUID has no metadata at a.absent.'],
    ['/n/absent', 404, 'Script UUID has no metadata at n.absent.'],
    ['/..', 404, 'Script UUID has no metadata at "..".'],
    ['', 400, 'Argument "path": it must name at least one key.'],
    ['/', 400, 'Argument "path": it must name at least one key.'],
    [
      '/%e0%a4',
      400,
      'Argument "path": "%e0%a4" is not percent-encoded UTF-8. Write a percent sign itself as %25.',
    ],
  ])('of %s answers %i and changes nothing', async (path, status, message) => {
    const uuid = await world.addScript('n', { metadata: { a: {}, n: 1 } });
    const error = errorOf(await remove(uuid, path));
    expect([error.status, error.message.replace(uuid, 'UUID')]).toEqual([status, message]);
    expect(await stateOf(uuid)).toEqual({ uuid, metadata: { a: {}, n: 1 }, revision: 1 });
  });
});
