import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptOperations } from '../../src/operations/script-operations.ts';
import { openApi } from '../../src/rest/openapi.ts';
import { createRoutes } from '../../src/rest/routes.ts';
import { createWorld, type Person, type World } from '../support/world.ts';
import { send } from './client.ts';

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ MAX_BODY_BYTES: '1024' });
  uuid = await world.addScript('n', { config: { a: 1 }, metadata: { k: 1 } });
  await world.addScript('another');
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

  it('describes every route with its permission, and no other', () => {
    const routes = createRoutes({} as ScriptOperations, async () => new Uint8Array());
    const served = routes.flatMap(({ method, path, permission }) => {
      const written = path.replace(/:uuid\{.*\}/, '{uuid}');
      const paths = written.endsWith('/*')
        ? [`${written.slice(0, -1)}{path}`, ...(method === 'PUT' ? [written.slice(0, -2)] : [])]
        : [written];
      return paths.map((one) => `${method} ${one}: ${permission}`);
    });
    const described = Object.entries(openApi.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => `${method.toUpperCase()} ${path}: ${operation['x-permission']}`),
    );
    expect(described.sort()).toEqual(served.sort());
  });
});

describe('what the API answers is what the description says', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(openApi, 'openapi');

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
    // biome-ignore lint/suspicious/noExplicitAny: a document of JSON, whose shape its validator has checked
    const item = (openApi.paths as any)[described];
    const response = (item[method] ?? item.get).responses[status];
    expect(response, `${method} ${described} ${status}`).toBeDefined();
    const name = response.$ref?.split('/').at(-1);
    return name === undefined
      ? response
      : openApi.components.responses[name as keyof typeof openApi.components.responses];
  }

  /** The schema with its references made to the registered description. */
  function localized(schema: object) {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  }
});
