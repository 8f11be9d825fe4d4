import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, createWorld, type GraphqlAnswer, type World } from '../support/world.ts';

/** The script that everybody is after, one that nobody asks for, and one that does not exist. */
let wanted: string;
let other: string;
const absent = randomUUID();

let world: World;
const tokens: Record<string, string | null> = {};

const list = 'cloud->dtrace->list';

/** Who asks: what they hold, and what of `list`, `get` and `edit` they may therefore do with the wanted script. */
const callers: readonly {
  readonly who: string;
  readonly grants: readonly string[] | null;
  readonly through?: 'role';
  readonly may: readonly ('list' | 'get' | 'edit')[];
  readonly mayGetOther?: true;
}[] = [
  { who: 'nobody', grants: null, may: [] },
  { who: 'a lister of nothing', grants: [list], may: ['list'] },
  { who: 'a reader without the list', grants: ['dtrace->_->get'], may: ['get'] },
  { who: 'a reader through _', grants: [list, 'dtrace->_->get'], may: ['list', 'get'], mayGetOther: true },
  {
    who: 'a reader through ... in front',
    grants: [list, '...->get'],
    may: ['list', 'get'],
    mayGetOther: true,
  },
  {
    who: 'a reader through ... at the end',
    grants: [list, 'dtrace->...'],
    may: ['list', 'get', 'edit'],
    mayGetOther: true,
  },
  { who: 'a reader of that one', grants: [list, 'dtrace->WANTED->get'], may: ['list', 'get'] },
  {
    who: 'a reader through a role',
    grants: [list, 'dtrace->WANTED->get'],
    through: 'role',
    may: ['list', 'get'],
  },
  {
    who: 'an editor of that one',
    grants: ['dtrace->WANTED->get', 'dtrace->WANTED->edit'],
    may: ['get', 'edit'],
  },
  { who: 'an editor who may not get', grants: [list, 'dtrace->_->edit'], may: ['list', 'edit'] },
  { who: 'the owner of all', grants: ['...'], may: ['list', 'get', 'edit'], mayGetOther: true },
  { who: 'a reader of another', grants: [list, 'dtrace->OTHER->get'], may: ['list'], mayGetOther: true },
  {
    who: 'a reader of what other languages take for wildcards',
    grants: [list, 'dtrace->%->get', 'dtrace->*->get', 'dtrace->.*->get', 'dtrace->____->get', '.*', '*'],
    may: ['list'],
  },
  { who: 'a reader by upper-case UUID', grants: [list, 'dtrace->UPPER->get'], may: ['list'] },
  {
    who: 'a holder of near misses',
    grants: [
      list,
      'dtrace->PART->get',
      'dtrace->WANTED->GET',
      'Dtrace->_->get',
      'dtraces->_->get',
      'dtrace->WANTED->get->...',
      'dtrace->WANTED',
      'dtrace->get',
      'dtrace->_',
      '_->get',
      'WANTED',
      'get',
      '_',
    ],
    may: ['list'],
  },
];

/** The ways to a script. `needs` is what the root field requires; `at` is where in the answer a script would be. */
const ways: readonly {
  readonly way: string;
  readonly query: string;
  readonly needs: 'list' | 'get' | 'edit';
  readonly at: readonly (string | number)[];
}[] = [
  { way: 'dtraceScript', query: '{ dtraceScript(uuid: $uuid) S }', needs: 'get', at: ['dtraceScript'] },
  { way: 'dtraceScript by an alias', query: '{ x: dtraceScript(uuid: $uuid) S }', needs: 'get', at: ['x'] },
  {
    way: 'a fragment',
    query: '{ ...F } fragment F on Query { dtraceScript(uuid: $uuid) { ...G } } fragment G on DtraceScript S',
    needs: 'get',
    at: ['dtraceScript'],
  },
  {
    way: 'an inline fragment with @include',
    query:
      '{ ... @include(if: true) { dtraceScript(uuid: $uuid) @skip(if: false) { ... on DtraceScript S } } }',
    needs: 'get',
    at: ['dtraceScript'],
  },
  {
    way: 'dtraceScript beside introspection',
    query: '{ __schema { queryType { name } } __typename dtraceScript(uuid: $uuid) S }',
    needs: 'get',
    at: ['dtraceScript'],
  },
  {
    way: 'dtraceScriptsByUuid',
    query: '{ dtraceScriptsByUuid(uuids: [$uuid]) S }',
    needs: 'get',
    at: ['dtraceScriptsByUuid', 0],
  },
  { way: 'dtraceScripts', query: '{ dtraceScripts S }', needs: 'list', at: ['dtraceScripts'] },
  {
    way: 'dtraceScripts with a filter',
    query: '{ dtraceScripts(filter: {name: {equals: "wanted"}}, first: 10) S }',
    needs: 'list',
    at: ['dtraceScripts'],
  },
  {
    way: 'the nodes of the connection',
    query: '{ dtraceScriptsConnection { nodes S } }',
    needs: 'list',
    at: ['dtraceScriptsConnection', 'nodes'],
  },
  {
    way: 'the edges of the connection',
    query: '{ dtraceScriptsConnection { edges { node S } } }',
    needs: 'list',
    at: ['dtraceScriptsConnection', 'edges'],
  },
  {
    way: 'the payload of updateDtraceScript',
    query: 'mutation { updateDtraceScript(uuid: $uuid, input: {config: {a: 1}}) { uuid dtraceScript S } }',
    needs: 'edit',
    at: ['updateDtraceScript', 'dtraceScript'],
  },
  {
    way: 'the payload of setDtraceScriptMetadata',
    query: 'mutation { setDtraceScriptMetadata(uuid: $uuid, path: ["a"], value: 1) { uuid dtraceScript S } }',
    needs: 'edit',
    at: ['setDtraceScriptMetadata', 'dtraceScript'],
  },
  {
    way: 'the payload of unsetDtraceScriptMetadata',
    query: `mutation { setDtraceScriptMetadata(uuid: $uuid, path: ["b"], value: 1) { uuid }
      unsetDtraceScriptMetadata(uuid: $uuid, path: ["b"]) { uuid dtraceScript S } }`,
    needs: 'edit',
    at: ['unsetDtraceScriptMetadata', 'dtraceScript'],
  },
];

beforeAll(async () => {
  world = await createWorld();
  wanted = await world.addScript('wanted');
  other = await world.addScript('other');
  const spelled = (grant: string) =>
    grant
      .replace('WANTED', wanted)
      .replace('OTHER', other)
      .replace('UPPER', wanted.toUpperCase())
      .replace('PART', wanted.slice(0, 8));
  for (const { who, grants, through } of callers) {
    const held = (grants ?? []).map(spelled);
    tokens[who] = grants === null ? null : await world.addUser(who, ...(through === 'role' ? [] : held));
    if (through === 'role') {
      await world.accounts.add('role', `role of ${who}`);
      for (const grant of held) await world.accounts.grant('role', `role of ${who}`, grant);
      await world.accounts.join(who, `role of ${who}`);
    }
  }
});
afterAll(() => world.close());

const ask = (who: string, query: string, uuid: string): Promise<GraphqlAnswer> => {
  const token = tokens[who] ?? null;
  const text = query.replaceAll('$uuid', JSON.stringify(uuid)).replace(/\bS\b/g, '{ uuid name }');
  return world.ask(token === null ? null : { token }, text);
};

describe.each(callers)('$who', ({ who, may, mayGetOther = false }) => {
  const permissions = (uuid: string) => ({
    list,
    get: `dtrace->${uuid}->get`,
    edit: `dtrace->${uuid}->edit`,
  });

  it.each(ways)(`${may.includes('get') ? 'takes' : 'is held back on'} the way of $way`, async (way) => {
    const { query, needs, at } = way;
    const answer = await ask(who, query, wanted);
    const found = scriptsAt(answer, at).find((script) => script?.uuid === wanted);
    const errors = answer.errors.map(({ extensions, path }) => ({ ...extensions, path }));

    if (!may.includes(needs)) {
      const refusal =
        tokens[who] === null
          ? { code: 'UNAUTHENTICATED' }
          : { code: 'FORBIDDEN', permission: permissions(wanted)[needs] };
      expect(found).toBeUndefined();
      // Every root field of the operation is refused, each in its place; the last is the one in question.
      expect(errors.every(({ path }) => path !== undefined)).toBe(true);
      expect(errors.at(-1)).toEqual({ ...refusal, path: errors.at(-1)?.path });
      expect(errors.at(-1)?.path?.[0]).toBe(at[0]);
      expect(new Set(codesOf(answer))).toEqual(new Set([refusal.code]));
      // The same words for a script that does not exist.
      const unknown = await ask(who, query, absent);
      expect(withoutUuid(unknown, absent)).toEqual(withoutUuid(answer, wanted));
      expect(unknown.status).toBe(answer.status);
      return;
    }
    if (may.includes('get')) {
      expect(found).toEqual({ uuid: wanted, name: 'wanted' });
      expect(errors).toEqual([]);
    } else {
      expect(found).toBeUndefined();
      // A list leaves out what may not be seen; a payload keeps its place and says why it is empty.
      expect(errors).toEqual(
        needs === 'list' ? [] : [{ code: 'FORBIDDEN', permission: permissions(wanted).get, path: at }],
      );
      if (needs === 'edit')
        expect(answer.data[at[0] as string]).toEqual({ uuid: wanted, dtraceScript: null });
    }
    expect(answer.status).toBe(200);
  });

  it('counts what it may see, and nothing else', async () => {
    const answer = await ask(who, '{ dtraceScriptsConnection { nodes { uuid } totalCount } }', wanted);
    if (!may.includes('list')) {
      expect(answer.data).toBeNull();
      expect(answer.status).toBe(tokens[who] === null ? 401 : 403);
      return;
    }
    const { nodes, totalCount } = answer.data.dtraceScriptsConnection;
    expect(totalCount).toBe(nodes.length);
    const sees = (uuid: string) => nodes.some((node: { uuid: string }) => node.uuid === uuid);
    expect([sees(wanted), sees(other)]).toEqual([may.includes('get'), mayGetOther]);
  });
});

it.each([
  ['without a token', null, 'UNAUTHENTICATED', undefined],
  ['to who may not create', 'reader', 'FORBIDDEN', 'cloud->dtrace->create'],
] as const)('refuses createDtraceScript %s', async (_, as, code, permission) => {
  const answer = await world.ask(
    as,
    'mutation { createDtraceScript(input: {name: "smuggled", script: "x"}) { uuid dtraceScript { uuid } } }',
  );
  expect(answer.data).toEqual({ createDtraceScript: null });
  expect(codesOf(answer)).toEqual([code]);
  expect(answer.errors[0]?.extensions.permission).toBe(permission);
  const { data } = await world.ask(
    'admin',
    '{ dtraceScripts(filter: {name: {equals: "smuggled"}}) { uuid } }',
  );
  expect(data.dtraceScripts).toEqual([]);
});

it.each([
  ['nobody', null, undefined],
  ['a reader', ['dtrace->_->get'], 'FORBIDDEN'],
  ['an editor', ['dtrace->_->edit', 'dtrace->_->get'], 'FORBIDDEN'],
  ['a deleter of another', ['dtrace->OTHER->delete'], 'FORBIDDEN'],
  ['a deleter of that one', ['dtrace->DOOMED->delete'], null],
  ['a deleter through a wildcard', ['dtrace->_->delete'], null],
  ['its owner', ['dtrace->DOOMED->...'], null],
])('deleteDtraceScript by %s', async (who, grants, expected) => {
  const doomed = await world.addScript('doomed');
  const held = grants?.map((grant) => grant.replace('DOOMED', doomed).replace('OTHER', other));
  tokens[who] = held === undefined ? null : await world.addUser(who, ...held);
  const query = 'mutation { deleteDtraceScript(uuid: $uuid) { uuid } }';
  const answer = await ask(who, query, doomed);
  const left = await world.ask('admin', `{ dtraceScript(uuid: "${doomed}") { uuid } }`);
  if (expected === null) {
    expect(answer).toMatchObject({ data: { deleteDtraceScript: { uuid: doomed } }, errors: [] });
    expect(left).toMatchObject({ data: { dtraceScript: null }, errors: [] });
    return;
  }
  expect(answer.data).toEqual({ deleteDtraceScript: null });
  expect(answer.errors[0]?.extensions).toEqual(
    held === undefined
      ? { code: 'UNAUTHENTICATED' }
      : { code: 'FORBIDDEN', permission: `dtrace->${doomed}->delete` },
  );
  expect(left.data.dtraceScript).toEqual({ uuid: doomed });
  expect(withoutUuid(await ask(who, query, absent), absent)).toEqual(withoutUuid(answer, doomed));
});

describe('who creates a script', () => {
  it('sees it in the same request, and owns it from then on, but not the scripts of others', async () => {
    const token = await world.addUser('maker', 'cloud->dtrace->create', list);
    const { data, errors } = await world.ask(
      { token },
      `mutation {
        a: createDtraceScript(input: {name: "mine a", script: "x"}) { uuid dtraceScript { uuid name revision } }
        b: createDtraceScript(input: {name: "mine b", script: "x"}) { uuid dtraceScript { uuid name revision } }
        c: updateDtraceScript(uuid: "${wanted}", input: {name: "stolen"}) { uuid }
      }`,
    );
    expect(errors.map(({ path, extensions }) => [path, extensions.permission])).toEqual([
      [['c'], `dtrace->${wanted}->edit`],
    ]);
    for (const name of ['a', 'b']) {
      const { uuid, dtraceScript } = data[name];
      expect(dtraceScript).toEqual({ uuid, name: `mine ${name}`, revision: 1 });
    }
    const [a, b] = [data.a.uuid, data.b.uuid];
    const listed = await world.ask({ token }, '{ dtraceScripts { uuid } viewer { permissions } }');
    expect(listed.data.dtraceScripts.map(({ uuid }: { uuid: string }) => uuid).sort()).toEqual([a, b].sort());
    expect(listed.data.viewer.permissions).toEqual(
      ['cloud->dtrace->create', list, `dtrace->${a}->...`, `dtrace->${b}->...`].sort(),
    );
    const writes = await world.ask(
      { token },
      `mutation {
        updateDtraceScript(uuid: "${a}", input: {name: "ours"}) { dtraceScript { name } }
        setDtraceScriptMetadata(uuid: "${a}", path: ["k"], value: 1) { dtraceScript { revision } }
        deleteDtraceScript(uuid: "${a}") { uuid }
      }`,
    );
    expect(writes.errors).toEqual([]);
    expect(writes.data.setDtraceScriptMetadata.dtraceScript.revision).toBe(3);
    const afterwards = await world.ask({ token }, `{ dtraceScript(uuid: "${a}") { uuid } }`);
    expect(afterwards.errors[0]?.extensions.permission).toBe(`dtrace->${a}->get`);
  });

  it('does not open it to other creators', async () => {
    const made = await world.ask(
      'editor',
      'mutation { createDtraceScript(input: {name: "private", script: "x"}) { uuid } }',
    );
    const uuid = made.data.createDtraceScript.uuid;
    expect(codesOf(await world.ask('creator', `{ dtraceScript(uuid: "${uuid}") { name } }`))).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('dtraceScriptsByUuid', () => {
  const query = 'query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { uuid } }';

  it('answers position for position: scripts, holes, refusals and repetitions', async () => {
    const token = await world.addUser('mixed', `dtrace->${wanted}->get`, `dtrace->${absent}->get`);
    const uuids = [wanted, other, absent, wanted, other, randomUUID(), wanted.toUpperCase()];
    const { data, errors, status } = await world.ask({ token }, query, { uuids });
    const script = { uuid: wanted };
    expect(data.dtraceScriptsByUuid).toEqual([script, null, null, script, null, null, script]);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions.code, extensions.permission])).toEqual(
      [1, 4, 5].map((index) => [index, 'FORBIDDEN', `dtrace->${uuids[index]}->get`]),
    );
    expect(status).toBe(200);
  });

  it.each([[[]], [[absent]]])('answers %j to a reader without an error', async (uuids) => {
    const { data, errors } = await world.ask('reader', query, { uuids });
    expect([data.dtraceScriptsByUuid, errors]).toEqual([uuids.map(() => null), []]);
  });

  it('takes as many UUIDs as are allowed, and no more', async () => {
    const many = Array.from({ length: 1_001 }, () => wanted);
    const { data } = await world.ask('reader', query, { uuids: many.slice(1) });
    expect(data.dtraceScriptsByUuid).toHaveLength(1_000);
    const answer = await world.ask('reader', query, { uuids: many });
    expect(answer.errors.map(({ message }) => message)).toEqual([
      'Argument "uuids": it has 1001 entries; 1000 are allowed at once.',
    ]);
  });
});

describe('an upper-case UUID', () => {
  it('reaches the same script by the same permission', async () => {
    for (const [way, at] of [
      ['{ dtraceScript(uuid: $uuid) S }', ['dtraceScript']],
      ['{ dtraceScriptsByUuid(uuids: [$uuid]) S }', ['dtraceScriptsByUuid', 0]],
      [
        'mutation { updateDtraceScript(uuid: $uuid, input: {config: {}}) { uuid dtraceScript S } }',
        ['updateDtraceScript', 'dtraceScript'],
      ],
    ] as const) {
      const owner = await ask('the owner of all', way, wanted.toUpperCase());
      expect(scriptsAt(owner, at)).toEqual([{ uuid: wanted, name: 'wanted' }]);
      const upper = await ask('a reader of another', way, wanted.toUpperCase());
      const lower = await ask('a reader of another', way, wanted);
      expect([upper.data, upper.errors.map(({ extensions }) => extensions)]).toEqual([
        lower.data,
        lower.errors.map(({ extensions }) => extensions),
      ]);
    }
  });

  it('reaches it by a variable as well', async () => {
    const query = 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { uuid } }';
    const answer = await world.ask('reader', query, { uuid: wanted.toUpperCase() });
    expect(answer.data.dtraceScript).toEqual({ uuid: wanted });
  });
});

it('asks nothing of a field that @skip leaves out', async () => {
  const query = `query ($no: Boolean = false) { viewer { name } dtraceScript(uuid: "${wanted}") @include(if: $no) { uuid } }`;
  expect(await world.ask(null, query)).toMatchObject({ status: 200, data: { viewer: null }, errors: [] });
});

it.each(['', 'b7c658e0', '../etc', `${randomUUID()} `, '%', '_', '...'])(
  'refuses %j as a UUID before any permission is asked for',
  async (uuid) => {
    const answer = await world.ask('reader', 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { uuid } }', {
      uuid,
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  },
);

/** The scripts at a place of an answer: one, those of a list, or the nodes of edges. */
function scriptsAt(
  { data }: GraphqlAnswer,
  at: readonly (string | number)[],
): ({ uuid: string; name: string } | null)[] {
  const found = at.reduce((value, key) => value?.[key], data) ?? [];
  return [found].flat().map((entry) => (entry !== null && 'node' in entry ? entry.node : entry));
}

function withoutUuid({ data, errors }: GraphqlAnswer, uuid: string): unknown {
  return JSON.parse(JSON.stringify({ data, errors }).replaceAll(uuid, 'UUID'));
}
