import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type World } from '../support/world.ts';
import { errorOf, type RestRequest, send } from './client.ts';

let world: World;
const uuids: string[] = [];

beforeAll(async () => {
  world = await createWorld({ MAX_LIST_SIZE: '4' });
  for (const name of ['one', 'two', 'three']) {
    uuids.push(await world.addScript(name, { config: { n: name }, metadata: { [name]: true } }));
  }
});
afterAll(() => world.close());

const list = (request?: RestRequest, query = '') => send(world, 'reader', 'GET', `/dtrace${query}`, request);
const names = async (query: string) =>
  (await list({}, query)).body.map((script: { name: string }) => script.name);

describe('the list', () => {
  it('holds UUIDs, the oldest first', async () => {
    expect((await list()).body).toEqual(uuids);
  });

  it('shows only scripts that the caller may get', async () => {
    const token = await world.addUser(
      'of two',
      'cloud->dtrace->list',
      `dtrace->${uuids[1]}->get`,
      `dtrace->${uuids[2]}->edit`,
    );
    expect((await send(world, { token }, 'GET', '/dtrace')).body).toEqual([uuids[1]]);
    expect((await send(world, { token }, 'GET', '/dtrace?full-list=true')).body).toHaveLength(1);
    expect((await send(world, 'lister', 'GET', '/dtrace')).body).toEqual([]);
  });

  it('selects scripts and columns in the database', async () => {
    const spy = vi.fn(world.store.scripts.list);
    const gateway = createGateway(
      { ...world.store, scripts: { ...world.store.scripts, list: spy } },
      world.config,
    );
    const token = await world.addUser('of one', 'cloud->dtrace->list', `dtrace->${uuids[0]}->get`);
    const fetch = async (path: string) =>
      fetchFrom(gateway)(path, {
        headers: { authorization: `Bearer ${token}` },
      });
    await fetch('/dtrace');
    expect(spy.mock.lastCall?.[0].visible).toEqual(new Set([uuids[0]]));
    expect(new Set(spy.mock.lastCall?.[1])).toEqual(new Set(['uuid']));
    await fetch('/dtrace?full-list=true&full-list-fields=name');
    expect(new Set(spy.mock.lastCall?.[1])).toEqual(new Set(['name']));
  });
});

describe('x-full-list', () => {
  const two = (more: object) => ({ ...more });

  it.each([
    ['the header', { headers: { 'x-full-list': 'true' } }, ''],
    ['the header in capitals', { headers: { 'X-Full-List': 'True' } }, ''],
    ["the query parameter of FiFo's command line", {}, '?full-list=true'],
    ['an empty list of nothing else', { headers: { 'x-full-list': 'true' } }, '?full-list=false'],
  ])('is understood as %s', async (_, request, query) => {
    expect((await list(request, query)).body[1]).toEqual({
      uuid: uuids[1],
      name: 'two',
      script: 'BEGIN { exit(0); }',
      config: { n: 'two' },
      metadata: { two: true },
    });
  });

  it.each(['false', '1', 'yes', ''])('counts as not sent when it is "%s"', async (value) => {
    expect((await list({ headers: { 'x-full-list': value } })).body).toEqual(uuids);
  });

  it.each([
    ['name', two({ name: 'two' })],
    [' name , uuid ', two({ uuid: 'UUID', name: 'two' })],
    ['name,name', two({ name: 'two' })],
    ['config,metadata', two({ config: { n: 'two' }, metadata: { two: true } })],
    ['name,secret,revision,createdAt,__proto__', two({ name: 'two' })],
    ['nothing,that,exists', {}],
    ['', {}],
  ])('gives the fields "%s"', async (fields, expected) => {
    const answer = await list({ headers: { 'x-full-list': 'true', 'x-full-list-fields': fields } });
    const query = new URLSearchParams({ 'full-list': 'true', 'full-list-fields': fields });
    expect((await list({}, `?${query}`)).body).toEqual(answer.body);
    expect(JSON.parse(JSON.stringify(answer.body[1]).replace(uuids[1] ?? '', 'UUID'))).toEqual(expected);
  });

  it('is what fields wait for', async () => {
    expect((await list({ headers: { 'x-full-list-fields': 'name' } })).body).toEqual(uuids);
  });
});

describe('paging', () => {
  it('follows the link from page to page, with the prefix and the options of the request', async () => {
    let next = '/api/0.2.0/dtrace?full-list=true&full-list-fields=name&first=2';
    const pages: unknown[] = [];
    for (;;) {
      const answer = await send(world, 'reader', 'GET', next);
      pages.push(answer.body);
      const link = /^<(\/api\/0\.2\.0\/dtrace\?.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '');
      if (link?.[1] === undefined) break;
      next = link[1];
    }
    expect(pages).toEqual([[{ name: 'one' }, { name: 'two' }], [{ name: 'three' }]]);
  });

  it('takes `after` in capitals, and no more than are there', async () => {
    expect(await names(`?full-list=true&after=${uuids[0]?.toUpperCase()}`)).toEqual(['two', 'three']);
    expect((await list({}, '?first=0')).body).toEqual([]);
  });

  it.each([
    ['?first=-1', 'Argument "first": it must be a whole number: how many scripts to list at most.'],
    ['?first=', 'Argument "first": it must be a whole number: how many scripts to list at most.'],
    ['?first=5', 'Argument "first": it must be from 0 to 4, not 5.'],
    ['?after=x', 'Argument "after": it must be a UUID: that of the script to continue behind.'],
  ])('refuses %s', async (query, message) => {
    expect(errorOf(await list({}, query))).toEqual({ status: 400, code: 'BAD_USER_INPUT', message });
  });

  it('refuses to continue behind a script that may not be seen, as it does for one that is not there', async () => {
    const absent = randomUUID();
    const hidden = await send(world, 'lister', 'GET', `/dtrace?after=${uuids[0]}`);
    const unknown = await send(world, 'lister', 'GET', `/dtrace?after=${absent}`);
    expect(hidden.status).toBe(400);
    expect(errorOf(hidden).message.replace(uuids[0] ?? '', absent)).toBe(errorOf(unknown).message);
  });

  it('is asked for, rather than a list cut silently, beyond the maximum', async () => {
    for (const name of ['four', 'five']) await world.addScript(name);
    expect(errorOf(await list())).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      message:
        'Argument "first": there are more than 4 scripts to list. Ask for them in pages with "first" and "after".',
    });
    expect((await list({}, '?first=4')).body).toHaveLength(4);
  });
});
