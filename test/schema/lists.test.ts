import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ MAX_LIST_SIZE: '40' });
});
afterAll(() => world.close());

const names = `query ($filter: DtraceScriptFilter, $orderBy: DtraceScriptOrder, $first: Int, $after: UUID) {
  dtraceScripts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { uuid name }
}`;

describe('filter and orderBy', () => {
  const uuids: Record<string, string> = {};
  const listed = async (variables: Record<string, unknown>) => {
    const { data, errors } = await world.ask('reader', names, variables);
    expect(errors).toEqual([]);
    return data.dtraceScripts.map((script: { name: string }) => script.name);
  };

  beforeAll(async () => {
    for (const [name, metadata] of Object.entries({
      'zfs reads': { team: 'storage', tags: ['zfs', 'io'], n: 1 },
      'zfs writes': { team: 'storage', tags: ['io', 'zfs'], n: 1.5, on: true },
      'Zebra_%': { team: null, owner: { a: 1, b: [2] } },
      'erlang calls': { owner: { b: [2], a: 1 }, '0': 'zero', 'a"b\\c': 1 },
    })) {
      uuids[name] = await world.addScript(name, { metadata });
      // Those of the same millisecond would be in the order of their UUIDs.
      await sleep(3);
    }
  });

  it.each([
    ['name equals', { name: { equals: 'zfs reads' } }, ['zfs reads']],
    ['name contains', { name: { contains: 'zfs' } }, ['zfs reads', 'zfs writes']],
    ['name contains % and _ literally', { name: { contains: '_%' } }, ['Zebra_%']],
    ['name contains minds the case', { name: { contains: 'z' } }, ['zfs reads', 'zfs writes']],
    ['both conditions on the name', { name: { contains: 'zfs', equals: 'zfs reads' } }, ['zfs reads']],
    [
      'metadata is set',
      { metadata: { path: ['team'], isSet: true } },
      ['zfs reads', 'zfs writes', 'Zebra_%'],
    ],
    ['metadata is not set', { metadata: { path: ['team'], isSet: false } }, ['erlang calls']],
    [
      'metadata equals text',
      { metadata: { path: ['team'], equals: 'storage' } },
      ['zfs reads', 'zfs writes'],
    ],
    ['metadata equals null', { metadata: { path: ['team'], equals: null } }, ['Zebra_%']],
    ['metadata equals a whole number', { metadata: { path: ['n'], equals: 1 } }, ['zfs reads']],
    ['metadata equals a fraction', { metadata: { path: ['n'], equals: 1.5 } }, ['zfs writes']],
    ['metadata equals a boolean', { metadata: { path: ['on'], equals: true } }, ['zfs writes']],
    ['text is no number', { metadata: { path: ['n'], equals: '1' } }, []],
    [
      'metadata equals an array, in order',
      { metadata: { path: ['tags'], equals: ['zfs', 'io'] } },
      ['zfs reads'],
    ],
    [
      'metadata equals an object, in any order',
      { metadata: { path: ['owner'], equals: { b: [2], a: 1 } } },
      ['Zebra_%', 'erlang calls'],
    ],
    ['an inner path', { metadata: { path: ['owner', 'a'], equals: 1 } }, ['Zebra_%', 'erlang calls']],
    ['a number as a key names no place of an array', { metadata: { path: ['tags', '0'], isSet: true } }, []],
    ['a number as a key names a member', { metadata: { path: ['0'], equals: 'zero' } }, ['erlang calls']],
    ['a key with a quote and a backslash', { metadata: { path: ['a"b\\c'], isSet: true } }, ['erlang calls']],
    [
      'several conditions on metadata',
      {
        metadata: [
          { path: ['team'], equals: 'storage' },
          { path: ['on'], isSet: false },
        ],
      },
      ['zfs reads'],
    ],
  ])('%s', async (_, filter, expected) => {
    expect(await listed({ filter })).toEqual(expected);
  });

  it('bounds the times, inclusively and exclusively', async () => {
    const { data } = await world.ask(
      'admin',
      'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { createdAt } }',
      {
        uuid: uuids['zfs writes'],
      },
    );
    const at = data.dtraceScript.createdAt;
    const lte = await listed({ filter: { createdAt: { lte: at } } });
    const gt = await listed({ filter: { createdAt: { gt: at } } });
    const gte = await listed({ filter: { createdAt: { gte: at } } });
    expect(lte).toContain('zfs writes');
    expect(gt).not.toContain('zfs writes');
    expect(gte).toContain('zfs writes');
    expect([...lte, ...gt].sort()).toEqual(Object.keys(uuids).sort());
    expect(await listed({ filter: { updatedAt: { lt: '2000-01-01T00:00:00Z' } } })).toEqual([]);
  });

  it.each([
    ['NAME', 'ASC', ['Zebra_%', 'erlang calls', 'zfs reads', 'zfs writes']],
    ['NAME', 'DESC', ['zfs writes', 'zfs reads', 'erlang calls', 'Zebra_%']],
    ['CREATED_AT', 'ASC', ['zfs reads', 'zfs writes', 'Zebra_%', 'erlang calls']],
  ])('orders by %s %s', async (field, direction, expected) => {
    expect(await listed({ orderBy: { field, direction } })).toEqual(expected);
  });

  it('orders by the last write', async () => {
    await world.ask(
      'admin',
      'mutation ($uuid: UUID!) { updateDtraceScript(uuid: $uuid, input: {config: {}}) { uuid } }',
      {
        uuid: uuids['Zebra_%'],
      },
    );
    expect((await listed({ orderBy: { field: 'UPDATED_AT', direction: 'DESC' } }))[0]).toBe('Zebra_%');
  });

  it.each([
    ['a condition that asks nothing', { metadata: { path: ['a'] } }, 'filter.metadata'],
    ['an empty path', { metadata: { path: [], isSet: true } }, 'filter.metadata.path'],
    ['a character that no database stores', { name: { contains: 'a\u0000' } }, 'filter.name.contains'],
  ])('refuses %s', async (_, filter, argument) => {
    const answer = await world.ask('reader', names, { filter });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.extensions.argument).toBe(argument);
  });

  it.each(['equals', 'contains'])(
    'refuses a name to filter by with %s that no script can have',
    async (condition) => {
      const search = (name: string) =>
        world.ask('reader', names, { filter: { name: { [condition]: name } } });
      expect((await search('🦊'.repeat(255))).data).toEqual({ dtraceScripts: [] });
      for (const length of [256, 500_000]) {
        const answer = await search('x'.repeat(length));
        expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
        expect(answer.errors[0]?.message).toBe(
          `Argument "filter.name.${condition}": it has ${length} characters; 255 are allowed.`,
        );
      }
    },
  );
});

describe('paging', () => {
  const pages = `query ($orderBy: DtraceScriptOrder, $first: Int, $after: String) {
    dtraceScriptsConnection(orderBy: $orderBy, first: $first, after: $after, filter: {name: {contains: "twin"}}) {
      edges { cursor node { uuid } } nodes { uuid } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  beforeAll(async () => {
    for (let index = 0; index < 23; index += 1) await world.addScript(`twin ${index % 3}`);
  });

  it.each(
    ['NAME', 'CREATED_AT', 'UPDATED_AT'].flatMap((field) =>
      ['ASC', 'DESC'].map((direction) => ({ field, direction })),
    ),
  )('neither skips nor repeats a script, by $field $direction', async (orderBy) => {
    const all = await world.ask('reader', names, { orderBy, filter: { name: { contains: 'twin' } } });
    const wanted = all.data.dtraceScripts.map(({ uuid }: { uuid: string }) => uuid);
    expect(wanted).toHaveLength(23);

    const byCursor: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await world.ask('reader', pages, { orderBy, first: 4, after });
      const page = data.dtraceScriptsConnection;
      expect(page.totalCount).toBe(23);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(page.pageInfo.startCursor).toBe(page.edges[0].cursor);
      expect(page.nodes).toEqual(page.edges.map(({ node }: { node: unknown }) => node));
      byCursor.push(...page.nodes.map(({ uuid }: { uuid: string }) => uuid));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(byCursor).toEqual(wanted);

    const byUuid: string[] = [];
    for (;;) {
      const { data } = await world.ask('reader', names, {
        orderBy,
        first: 4,
        after: byUuid.at(-1) ?? null,
        filter: { name: { contains: 'twin' } },
      });
      const page = data.dtraceScripts.map(({ uuid }: { uuid: string }) => uuid);
      if (page.length === 0) break;
      byUuid.push(...page);
    }
    expect(byUuid).toEqual(wanted);
  });

  it('answers an empty page for first: 0', async () => {
    const { data, errors } = await world.ask('reader', pages, { first: 0 });
    expect(errors).toEqual([]);
    expect(data.dtraceScriptsConnection).toMatchObject({
      edges: [],
      totalCount: 23,
      pageInfo: { hasNextPage: true, startCursor: null, endCursor: null },
    });
  });

  it.each([-1, 41, 2_147_483_647])('refuses first: %i', async (first) => {
    const answer = await world.ask('reader', names, { first });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toBe(`Argument "first": it must be from 0 to 40, not ${first}.`);
  });

  it('refuses to continue behind a script that is not in the list, in the same words if it may not be seen', async () => {
    const hidden = await world.addScript('hidden');
    const foreign = await world.ask('lister', names, { after: hidden });
    const absent = randomUUID();
    const unknown = await world.ask('lister', names, { after: absent });
    expect(codesOf(foreign)).toEqual(['BAD_USER_INPUT']);
    expect(foreign.errors[0]?.message.replace(hidden, 'X')).toBe(
      unknown.errors[0]?.message.replace(absent, 'X'),
    );
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['empty JSON', Buffer.from('{}').toString('base64url')],
    ['a bad UUID', Buffer.from('["name","a","b"]').toString('base64url')],
    ['a bad time', Buffer.from(`["createdAt","soon","${randomUUID()}"]`).toString('base64url')],
    [
      'a cursor that is too long to be one',
      Buffer.from(
        `["createdAt","${new Date().toISOString()}","${randomUUID()}"]${' '.repeat(10_000)}`,
      ).toString('base64url'),
    ],
    ['a cursor of another order', Buffer.from(`["name","a","${randomUUID()}"]`).toString('base64url')],
  ])('refuses %s as a cursor', async (_, after) => {
    const answer = await world.ask('reader', pages, { after });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.extensions.argument).toBe('after');
  });

  it('asks for paging rather than cut a list silently', async () => {
    for (let index = 0; index < 20; index += 1) await world.addScript(`more ${index}`);
    const answer = await world.ask('reader', names);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toMatch(/more than 40 scripts.*"first" and "after"/);
  });
});
