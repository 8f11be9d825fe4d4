import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';
import { askAt, serveWorld } from './graph.ts';

let world: World;
let first: string;
let second: string;
const absent = randomUUID();
const query =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on DtraceScript { uuid name } } }';

beforeAll(async () => {
  world = await createWorld({ MAX_BATCH_SIZE: '20' });
  first = await world.addScript('first');
  second = await world.addScript('second');
});
afterAll(() => world?.close());

const script = (uuid: unknown) => ({ __typename: 'DtraceScript', uuid });

function ask(token: string | null, representations: readonly unknown[]) {
  return world.ask(token === null ? null : { token }, query, { representations });
}

describe('entities are answered position for position', () => {
  it('whatever their order, their repetitions and the case of their UUIDs', async () => {
    const { data, errors } = await ask(
      world.tokens.reader,
      [second, absent, first, second, first.toUpperCase()].map(script),
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { uuid: second, name: 'second' },
      null,
      { uuid: first, name: 'first' },
      { uuid: second, name: 'second' },
      { uuid: first, name: 'first' },
    ]);
  });

  it('and an empty list by an empty one', async () => {
    expect(await ask(world.tokens.reader, [])).toMatchObject({ data: { _entities: [] }, errors: [] });
  });

  it('with one query, over all aliases and whatever each selects', async () => {
    const server = await serveWorld(world);
    const { data, errors } = await askAt(
      server.url,
      world.tokens.reader,
      `{ a: _entities(representations: [{ __typename: "DtraceScript", uuid: "${first}" }]) { __typename ...Name }
         b: _entities(representations: [{ __typename: "DtraceScript", uuid: "${second}" }]) { ... on DtraceScript { revision } }
       } fragment Name on DtraceScript { name }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ a: [{ __typename: 'DtraceScript', name: 'first' }], b: [{ revision: 1 }] });
    expect(server.counted()).toEqual({ requests: 1, queries: 1 });
    await server.stop();
  });
});

describe('the permission of each entity is checked', () => {
  const get = (uuid: string) => `dtrace->${uuid}->get`;

  /** Who asks for FIRST, SECOND and an absent one; which they see, and which they are refused. */
  it.each<[who: string, grants: readonly string[], sees: readonly string[], refused: readonly string[]]>([
    ['nothing at all', [], [], ['FIRST', 'SECOND', 'ABSENT']],
    ['the list only', ['cloud->dtrace->list'], [], ['FIRST', 'SECOND', 'ABSENT']],
    ['the right to edit', ['dtrace->_->edit'], [], ['FIRST', 'SECOND', 'ABSENT']],
    ['one', [get('FIRST')], ['FIRST'], ['SECOND', 'ABSENT']],
    ['one, in upper case', [get('UPPER')], [], ['FIRST', 'SECOND', 'ABSENT']],
    ['the absent one', [get('ABSENT')], [], ['FIRST', 'SECOND']],
    ['everything over one', ['dtrace->SECOND->...'], ['SECOND'], ['FIRST', 'ABSENT']],
    ['all, through _', [get('_')], ['FIRST', 'SECOND'], []],
    ['all, through ... in front', ['...->get'], ['FIRST', 'SECOND'], []],
    ['all, through ...', ['...'], ['FIRST', 'SECOND'], []],
    ['near misses', ['dtraces->_->get', 'dtrace->_->GET', 'dtrace->_'], [], ['FIRST', 'SECOND', 'ABSENT']],
  ])('for who holds %s', async (who, grants, sees, refused) => {
    const known: Record<string, string> = {
      FIRST: first,
      SECOND: second,
      ABSENT: absent,
      UPPER: first.toUpperCase(),
    };
    const fill = (text: string) => text.replace(/FIRST|SECOND|ABSENT|UPPER/, (name) => known[name] ?? '');
    const token = await world.addUser(`holder of ${who}`, ...grants.map(fill));
    const names = ['FIRST', 'SECOND', 'ABSENT'];
    const { status, data, errors } = await ask(
      token,
      names.map((name) => script(fill(name))),
    );
    expect(status).toBe(200);
    expect(data._entities).toEqual(
      names.map((name) => (sees.includes(name) ? { uuid: fill(name), name: name.toLowerCase() } : null)),
    );
    expect(errors).toEqual(
      refused.map((name) => ({
        message: `You need the permission ${get(fill(name))}.`,
        locations: expect.anything(),
        path: ['_entities', names.indexOf(name)],
        extensions: { code: 'FORBIDDEN', permission: get(fill(name)) },
      })),
    );
  });

  it.each([
    ['no token', () => null],
    ['a bad token', () => 'dtg_bad'],
  ])('and %s is refused as a whole', async (_, token) => {
    const answer = await ask(token(), [script(first), 'malformed']);
    expect(answer.status).toBe(401);
    expect(answer.data ?? null).toBeNull();
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  });

  it('before anything is looked up', async () => {
    const server = await serveWorld(world);
    await askAt(
      server.url,
      world.tokens.lister,
      `{ _entities(representations: [{ __typename: "DtraceScript", uuid: "${first}" }]) { __typename } }`,
    );
    expect(server.counted().queries).toBe(0);
    await server.stop();
  });

  it('by the type name alone, too', async () => {
    const answer = await world.ask(
      'lister',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      { r: [script(first)] },
    );
    expect(answer.data._entities).toEqual([null]);
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });
});

describe('a malformed representation is refused alone:', () => {
  it.each<[what: string, representation: unknown, reason: string]>([
    ['a text', 'DtraceScript', 'it is not an object.'],
    ['a number', 7, 'it is not an object.'],
    ['a list', [{ __typename: 'DtraceScript' }], 'it is not an object.'],
    ['an empty object', {}, 'its "__typename" is not that of an entity of this service.'],
    ['another type', { __typename: 'Viewer', uuid: absent }, 'its "__typename" is not that of an entity'],
    ['the type of a prototype', { __typename: '__proto__' }, 'its "__typename" is not that of an entity'],
    ['no UUID', { __typename: 'DtraceScript' }, 'its "uuid" is not a UUID.'],
    ['null for a UUID', script(null), 'its "uuid" is not a UUID.'],
    ['a wildcard for a UUID', script('_'), 'its "uuid" is not a UUID.'],
    ['a list of UUIDs', script([absent]), 'its "uuid" is not a UUID.'],
    ['a UUID with more behind it', script(`${absent}->get`), 'its "uuid" is not a UUID.'],
    ['a quote', script("' OR 1=1 --"), 'its "uuid" is not a UUID.'],
  ])('%s', async (_, representation, reason) => {
    const { data, errors } = await ask(world.tokens.reader, [script(first), representation, script(second)]);
    expect(data._entities.map((entity: { name: string } | null) => entity?.name)).toEqual([
      'first',
      undefined,
      'second',
    ]);
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['_entities', 1],
        message: expect.stringContaining(reason),
        extensions: { code: 'BAD_USER_INPUT', argument: 'representations[1]' },
      }),
    ]);
  });

  it('but more of them than the limit are refused together', async () => {
    const answer = await ask(world.tokens.reader, Array(21).fill(script(first)));
    expect(answer.status).toBe(400);
    expect(answer.errors).toMatchObject([
      {
        message: 'Argument "representations": it has 21 entries; 20 are allowed at once.',
        extensions: { code: 'BAD_USER_INPUT', argument: 'representations' },
      },
    ]);
  });
});
