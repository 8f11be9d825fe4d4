import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from '../support/world.ts';
import { send } from './client.ts';

let world: World;
let uuid: string;
/** A token of somebody who may do nothing. */
let nobody: string;
// biome-ignore lint/suspicious/noExplicitAny: a document of JSON, whose shape its validator checks
let openApi: any;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

beforeAll(async () => {
  world = await createWorld({ MAX_BODY_BYTES: '1024' });
  uuid = await world.addScript('n', { config: { a: 1 }, metadata: { k: 1 } });
  await world.addScript('another');
  nobody = await world.addUser('nobody');
  openApi = (await send(world, null, 'GET', '/openapi.json')).body;
  ajv.addSchema(openApi, 'openapi');
});
afterAll(() => world.close());

describe('GET /openapi.json', () => {
  it('is open to all, and a valid OpenAPI 3.1 description', async () => {
    const { status, headers, body } = await send(world, null, 'GET', '/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await new Validator().validate(body)).toEqual({ valid: true });
    expect(body.openapi).toMatch(/^3\.1\./);
  });

  it('has the version of the package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(openApi.info.version).toBe(manifest.version);
  });

  it('describes every method of every address with its permission, and no other', async () => {
    const methods = ['get', 'post', 'put', 'delete', 'patch'];
    for (const [path, item] of Object.entries<object>(openApi.paths)) {
      const address = path.replace('{uuid}', uuid).replace('{path}', 'k');
      for (const method of methods) {
        const { status, body } = await send(world, { token: nobody }, method.toUpperCase(), address);
        const described = (item as Readonly<Record<string, Readonly<Record<string, string>>>>)[method];
        const permission = described?.['x-permission']?.replace('$uuid', uuid);
        expect([status, body?.error.permission], `${method} ${path}`).toEqual(
          described === undefined ? [405, undefined] : [403, permission],
        );
      }
    }
  });
});

describe('what the API answers is what the description says', () => {
  const newScript = { name: 'n', script: 's' };
  const full = { 'x-full-list': 'true' };
  const text = { 'content-type': 'text/plain' };

  const requests: [Person | null, string, string, object, number][] = [
    ['admin', 'get', '/dtrace', {}, 200],
    ['admin', 'get', '/dtrace', { headers: full }, 200],
    ['admin', 'get', '/dtrace', { headers: { ...full, 'x-full-list-fields': 'name' } }, 200],
    ['lister', 'get', '/dtrace', { headers: full }, 200],
    ['admin', 'get', '/dtrace?first=1', {}, 200],
    ['admin', 'get', '/dtrace?first=x', {}, 400],
    [null, 'get', '/dtrace', {}, 401],
    ['blind', 'get', '/dtrace', {}, 403],
    ['admin', 'get', '/dtrace', { headers: { accept: 'text/html' } }, 406],
    ['admin', 'post', '/dtrace', { body: newScript }, 303],
    ['admin', 'post', '/dtrace', { body: {} }, 400],
    ['admin', 'post', '/dtrace', { body: newScript, headers: text }, 415],
    ['admin', 'post', '/dtrace', { body: { ...newScript, script: 's'.repeat(1024) } }, 413],
    ['admin', 'post', '/dtrace', { body: newScript, headers: { 'if-none-match': '*' } }, 412],
    ['admin', 'get', '/dtrace/{uuid}', {}, 200],
    ['lister', 'get', '/dtrace/{uuid}', {}, 403],
    ['admin', 'get', '/dtrace/{absent}', {}, 404],
    ['admin', 'post', '/dtrace/{uuid}', {}, 405],
    ['admin', 'put', '/dtrace/{uuid}', { body: { name: 'm' } }, 204],
    ['admin', 'put', '/dtrace/{absent}', { body: { name: 'm' } }, 404],
    ['admin', 'put', '/dtrace/{uuid}/metadata', { body: { a: 1 } }, 204],
    ['admin', 'put', '/dtrace/{uuid}/metadata', { body: {} }, 400],
    ['admin', 'put', '/dtrace/{uuid}/metadata/b/c', { body: { d: 1 } }, 204],
    ['admin', 'delete', '/dtrace/{uuid}/metadata/b/c', {}, 204],
    ['admin', 'delete', '/dtrace/{uuid}/metadata/b/c', {}, 404],
    ['admin', 'delete', '/dtrace/{absent}', {}, 404],
    ['admin', 'delete', '/dtrace/{uuid}', {}, 204],
  ];

  it.each(requests)('as %s, %s %s %j: %i', async (as, method, path, request, status) => {
    const absent = '00000000-0000-4000-8000-000000000000';
    const real = path.replace('{uuid}', uuid).replace('{absent}', absent);
    const answer = await send(world, as, method.toUpperCase(), real, request);
    expect(answer.status).toBe(status);

    const described = responseOf(method, path, status);
    for (const header of Object.keys(described.headers)) {
      if (header !== 'link' || path.includes('first')) expect(answer.headers.has(header), header).toBe(true);
    }
    if (described.content === undefined) {
      expect(answer.body).toBeUndefined();
      return;
    }
    const validate = ajv.compile(localized(described.content['application/json'].schema));
    validate(answer.body);
    expect(validate.errors).toBeNull();
  });

  /** What the description says of an answer. A status that no method of the path has in particular is that of any. */
  function responseOf(method: string, path: string, status: number) {
    const described = path
      .replace('{absent}', '{uuid}')
      .replace(/\?.*/, '')
      .replace(/(metadata)\/.+/, '$1/{path}');
    const item = openApi.paths[described];
    const response = (item[method] ?? item.get).responses[status];
    expect(response, `${method} ${described} ${status}`).toBeDefined();
    const name = response.$ref?.split('/').at(-1);
    return name === undefined ? response : openApi.components.responses[name];
  }

  /** The schema with its references made to the registered description. */
  function localized(schema: object) {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  }
});
