import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localOrigin } from '../../src/operations/local-origin.ts';
import { createScriptOperations } from '../../src/operations/script-operations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { codesOf, createWorld, type Person, type World } from '../support/world.ts';

let world: World;
/** A second store on the same database, as another process would have it. */
let second: Store;
beforeAll(async () => {
  world = await createWorld();
  second = await openStore(world.config);
});
afterAll(async () => {
  await second.close();
  await world.close();
});

const whole = 'uuid name script config metadata revision createdAt updatedAt';
const create = `mutation ($input: CreateDtraceScriptInput!) {
  createDtraceScript(input: $input) { uuid dtraceScript { ${whole} } }
}`;
const update = `mutation ($uuid: UUID!, $input: UpdateDtraceScriptInput!, $ifRevision: Int) {
  updateDtraceScript(uuid: $uuid, input: $input, ifRevision: $ifRevision) { uuid dtraceScript { ${whole} } }
}`;
const remove = `mutation ($uuid: UUID!, $ifRevision: Int) {
  deleteDtraceScript(uuid: $uuid, ifRevision: $ifRevision) { uuid }
}`;
const set = `mutation ($uuid: UUID!, $path: [String!]!, $value: JSON, $ifRevision: Int) {
  setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $ifRevision) { uuid }
}`;
const unset = `mutation ($uuid: UUID!, $path: [String!]!, $ifRevision: Int) {
  unsetDtraceScriptMetadata(uuid: $uuid, path: $path, ifRevision: $ifRevision) { uuid }
}`;

const read = async (uuid: string, as: Person = 'admin') => {
  const { data } = await world.ask(as, `{ dtraceScript(uuid: "${uuid}") { ${whole} } }`);
  return data.dtraceScript;
};
const count = async () =>
  (await world.ask('admin', '{ dtraceScriptsConnection(first: 0) { totalCount } }')).data
    .dtraceScriptsConnection.totalCount;

const absent = '00000000-0000-4000-8000-000000000000';

describe('createDtraceScript', () => {
  it('stores what it is given, and answers it', async () => {
    const input = {
      name: ' zfs "reads" 🦊 ',
      script: "BEGIN\r\n{\t@a[$start$] = count(); /* '; DROP TABLE -- ü $filter$ */ }\n",
      config: { start: 0, deep: { list: [1, 'two', null, true, 2.5] }, '': 'empty', ['__proto__']: 1 },
      metadata: { jingles: { notes: 'one\ntwo' } },
    };
    const before = Date.now();
    const { data, errors, status } = await world.ask('editor', create, { input });
    expect([status, errors]).toEqual([200, []]);
    const { uuid, dtraceScript } = data.createDtraceScript;
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(dtraceScript).toEqual({
      ...input,
      uuid,
      revision: 1,
      createdAt: dtraceScript.updatedAt,
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const createdAt = Date.parse(dtraceScript.createdAt);
    expect(createdAt).toBeGreaterThanOrEqual(before);
    expect(createdAt).toBeLessThanOrEqual(Date.now());
    expect(await read(uuid)).toEqual(dtraceScript);
  });

  it.each([[{}], [{ config: null, metadata: null }]])('starts with empty documents for %j', async (more) => {
    const input = { name: 'bare', script: 'x', ...more };
    const { data } = await world.ask('editor', create, { input });
    expect(data.createDtraceScript.dtraceScript).toMatchObject({ config: {}, metadata: {}, revision: 1 });
  });

  it('gives every script a UUID of its own, also to those of one name', async () => {
    const made = await Promise.all([1, 2, 3].map(() => world.addScript('same')));
    expect(new Set(made).size).toBe(3);
    for (const uuid of made) expect((await read(uuid)).name).toBe('same');
  });
});

describe('updateDtraceScript', () => {
  it.each([
    [{ name: 'renamed' }],
    [{ script: 'END { }' }],
    [{ config: { start: 1 } }],
    [{ config: {} }],
    [{ name: 'all', script: 'BEGIN { }', config: { a: [] } }],
  ])('changes what it is given, and nothing else: %j', async (input) => {
    const uuid = await world.addScript('original', {
      config: { end: 64, step: 2 },
      metadata: { kept: true },
    });
    const before = await read(uuid);
    await sleep(3);
    const { data, errors } = await world.ask('editor', update, { uuid, input });
    expect(errors).toEqual([]);
    const after = data.updateDtraceScript.dtraceScript;
    expect(after).toEqual({ ...before, ...input, revision: 2, updatedAt: after.updatedAt });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect(await read(uuid)).toEqual(after);
  });

  it('counts every write, also one that changes nothing, and shows each payload as of its own', async () => {
    const uuid = await world.addScript('counted');
    const { data } = await world.ask(
      'editor',
      `mutation ($uuid: UUID!) {
        a: updateDtraceScript(uuid: $uuid, input: {name: "counted"}) { dtraceScript { revision name } }
        b: setDtraceScriptMetadata(uuid: $uuid, path: ["k"], value: 1) { dtraceScript { revision metadata } }
        c: unsetDtraceScriptMetadata(uuid: $uuid, path: ["k"]) { dtraceScript { revision metadata } }
        d: updateDtraceScript(uuid: $uuid, input: {name: "d"}, ifRevision: 4) { dtraceScript { revision name } }
      }`,
      { uuid },
    );
    expect(Object.values(data).map((payload) => (payload as { dtraceScript: unknown }).dtraceScript)).toEqual(
      [
        { revision: 2, name: 'counted' },
        { revision: 3, metadata: { k: 1 } },
        { revision: 4, metadata: {} },
        { revision: 5, name: 'd' },
      ],
    );
  });
});

describe('refuses, and changes nothing:', () => {
  const half = '\ud83d';
  const text = (argument: string) => [
    [
      `U+0000 in the ${argument}`,
      { [argument]: 'a\u0000b' },
      `Argument "${argument}": it holds the character U+0000`,
    ],
    [
      `half an emoji in the ${argument}`,
      { [argument]: `a${half}` },
      `Argument "${argument}": it holds half of a surrogate`,
    ],
    [`an empty ${argument}`, { [argument]: '' }, `Argument "${argument}": it must not be empty.`],
    [
      `a blank ${argument}`,
      { [argument]: ' \t\n\u00a0\u3000' },
      `Argument "${argument}": it must not be empty.`,
    ],
    [`a number as ${argument}`, { [argument]: 1 }, 'String cannot represent a non string value: 1'],
  ];
  const documents = (argument: string) => [
    ...[
      ['text', '"text"'],
      [[1], '1'],
      [3, '3'],
      [true, 'true'],
    ].map(([value, shown]) => [
      `${JSON.stringify(value)} as ${argument}`,
      { [argument]: value },
      `JSONObject cannot represent non-object value: ${String(shown).replaceAll('"', '')}`,
    ]),
    [
      `what no text can be made of as ${argument}`,
      { [argument]: [{ toString: 1 }] },
      'The value is no JSONObject.',
    ],
    [
      `U+0000 in a key of the ${argument}`,
      { [argument]: { 'a\u0000': 1 } },
      `Argument "${argument}": it holds the character U+0000`,
    ],
    [
      `half an emoji deep in the ${argument}`,
      { [argument]: { a: [{ b: half }] } },
      `Argument "${argument}": it holds half of`,
    ],
    [
      `a ${argument} 33 levels deep`,
      { [argument]: nested(33) },
      `Argument "${argument}": it is nested too deeply. At most 32`,
    ],
  ];
  const common = [
    ...text('name'),
    ...text('script'),
    ...documents('config'),
    [
      'a name too long',
      { name: 'n'.repeat(256) },
      'Argument "name": it has 256 characters; 255 are allowed.',
    ],
    [
      'a name of too many emoji',
      { name: '🦊'.repeat(256) },
      'Argument "name": it has 256 characters; 255 are',
    ],
    [
      'an enormous name',
      { name: 'n'.repeat(1_000_000) },
      'Argument "name": it has 1000000 characters; 255 are',
    ],
    [
      'a script a byte too large',
      { script: 'x'.repeat(262_145) },
      'Argument "script": it has 262145 bytes; 262144 are allowed.',
    ],
    [
      'a script of few characters and too many bytes',
      { script: 'é'.repeat(131_073) },
      'Argument "script": it has 262146 bytes',
    ],
    [
      'a config a byte too large',
      { config: { k: 'x'.repeat(65_529) } },
      'Argument "config": it has 65537 bytes; 65536 are allowed.',
    ],
    ['a field that there is not', { nome: 'x' }, 'Field "nome" is not defined by type'],
    ['a field that only the gateway sets', { revision: 7 }, 'Field "revision" is not defined by type'],
    ['a UUID of choice', { uuid: absent }, 'Field "uuid" is not defined by type'],
  ] as [string, Record<string, unknown>, string][];

  it.each([
    ...common,
    ...(documents('metadata') as typeof common),
    ['no name', { name: undefined }, 'Field "name" of required type "String!" was not provided.'],
    ['null for the script', { script: null }, 'Expected non-nullable type "String!" not to be null.'],
    [
      'a key of the metadata too long',
      { metadata: { a: { ['k'.repeat(257)]: 1 } } },
      'Argument "metadata": a key has 257 bytes; 256 are allowed.',
    ],
    [
      'metadata a byte too large',
      { metadata: { k: 'x'.repeat(262_137) } },
      'Argument "metadata": it has 262145 bytes; 262144 are allowed.',
    ],
  ] as typeof common)('to create with %s', async (_, wrong, message) => {
    const before = await count();
    const answer = await world.ask('editor', create, { input: { name: 'n', script: 's', ...wrong } });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toContain(message);
    expect(await count()).toBe(before);
  });

  describe('to update with', () => {
    let uuid: string;
    let before: unknown;
    beforeAll(async () => {
      uuid = await world.addScript('kept', { config: { a: 1 } });
      before = await read(uuid);
    });

    it.each([
      ...common,
      ['nothing', {}, 'Argument "input": it changes nothing. Give at least one of name, script and config.'],
      ['null for the name', { name: null }, 'Argument "input.name": it must not be null.'],
      ['null for the script', { script: null }, 'Argument "input.script": it must not be null.'],
      [
        'null for the config',
        { name: 'fine', config: null },
        'Argument "input.config": it must not be null.',
      ],
      ['metadata, which has its own mutations', { metadata: {} }, 'Field "metadata" is not defined by type'],
      [
        'one good and one bad value',
        { name: 'fine', script: '' },
        'Argument "script": it must not be empty.',
      ],
    ] as typeof common)('%s', async (_, input, message) => {
      const answer = await world.ask('editor', update, { uuid, input });
      expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors[0]?.message).toContain(message);
      expect(await read(uuid)).toEqual(before);
    });
  });

  it('nothing at the very limits', async () => {
    const input = {
      name: '🦊'.repeat(255),
      script: 'é'.repeat(131_072),
      config: { k: 'x'.repeat(65_528) },
      metadata: { a: nested(31), ['k'.repeat(256)]: 1 },
    };
    const created = await world.ask('editor', create, { input });
    expect(created.errors).toEqual([]);
    const { uuid, dtraceScript } = created.data.createDtraceScript;
    expect(dtraceScript).toMatchObject(input);
    const { metadata: _, ...changes } = input;
    const updated = await world.ask('editor', update, { uuid, input: changes });
    expect(updated.data.updateDtraceScript.dtraceScript).toMatchObject({ ...input, revision: 2 });
  });
});

describe('every write', () => {
  const writes = [
    ['updateDtraceScript', update, { input: { name: 'new' } }],
    ['setDtraceScriptMetadata', set, { path: ['a', 'b'], value: 1 }],
    ['unsetDtraceScriptMetadata', unset, { path: ['old'] }],
    ['deleteDtraceScript', remove, {}],
  ] as const;

  it.each(writes)('is NOT_FOUND for no script: %s', async (field, query, variables) => {
    for (const ifRevision of [undefined, 1]) {
      const answer = await world.ask('admin', query, { uuid: absent, ifRevision, ...variables });
      expect(answer).toMatchObject({ status: 200, data: { [field]: null } });
      expect(codesOf(answer)).toEqual(['NOT_FOUND']);
      expect(answer.errors[0]?.message).toBe(`There is no script ${absent}.`);
    }
  });

  it.each(writes)(
    'is a CONFLICT at another revision, and changes nothing: %s',
    async (_, query, variables) => {
      const uuid = await world.addScript('contested', { metadata: { old: 1 } });
      await world.ask('admin', set, { uuid, path: ['more'], value: 1 });
      const before = await read(uuid);
      for (const ifRevision of [1, 3, 0, -1]) {
        const answer = await world.ask('admin', query, { uuid, ifRevision, ...variables });
        expect(answer.errors.map(({ message, extensions }) => ({ message, ...extensions }))).toEqual([
          {
            message: `The script is at revision 2, not ${ifRevision}: read it again, then repeat the change.`,
            code: 'CONFLICT',
            expectedRevision: ifRevision,
            actualRevision: 2,
          },
        ]);
      }
      expect(await read(uuid)).toEqual(before);
      for (const ifRevision of [2 ** 31, 1.5, '2']) {
        const answer = await world.ask('admin', query, { uuid, ifRevision, ...variables });
        expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
      }
      expect(await read(uuid)).toEqual(before);
      const answer = await world.ask('admin', query, { uuid, ifRevision: 2, ...variables });
      expect(answer.errors).toEqual([]);
    },
  );

  it.each(writes)('takes null as ifRevision for none: %s', async (_, query, variables) => {
    const uuid = await world.addScript('free', { metadata: { old: 1 } });
    const answer = await world.ask('admin', query, { uuid, ifRevision: null, ...variables });
    expect(answer.errors).toEqual([]);
  });

  it.each(writes)('wins alone among all that expect the same revision: %s', async (_, query, variables) => {
    const uuid = await world.addScript('raced', { metadata: { old: 1 } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.ask('admin', query, { uuid, ifRevision: 1, ...variables })),
    );
    const losers = answers.filter(({ errors }) => errors.length > 0);
    expect(losers).toHaveLength(7);
    // A deletion leaves nothing to be in conflict with.
    const code = query === remove ? 'NOT_FOUND' : 'CONFLICT';
    expect(losers.flatMap(codesOf)).toEqual(Array(7).fill(code));
    if (query !== remove) expect((await read(uuid)).revision).toBe(2);
  });
});

describe('deleteDtraceScript', () => {
  it('removes the script for good', async () => {
    const uuid = await world.addScript('gone');
    const { data, errors } = await world.ask('admin', remove, { uuid });
    expect([data, errors]).toEqual([{ deleteDtraceScript: { uuid } }, []]);
    expect(await read(uuid)).toBeNull();
    expect(codesOf(await world.ask('admin', remove, { uuid }))).toEqual(['NOT_FOUND']);
  });

  it('drops every grant that names the script, and no other', async () => {
    const gone = await world.addScript('with grants');
    const kept = await world.addScript('neighbour');
    const others = [
      'dtrace->_->get',
      `dtrace->${kept}->get`,
      `dtrace->${gone.toUpperCase()}->get`,
      `dtrace->${gone.slice(0, 35)}->get`,
    ];
    const naming = [`dtrace->${gone}->get`, `dtrace->${gone}->...`, `_->${gone}`, gone, `...->${gone}->edit`];
    const token = await world.addUser('holder', ...others, ...naming);
    const member = await world.addUser('member');
    await world.accounts.add('role', 'crew');
    for (const grant of [...others, ...naming]) await world.accounts.grant('role', 'crew', grant);
    await world.accounts.join('member', 'crew');
    const held = async (as: string) =>
      (await world.ask({ token: as }, '{ viewer { permissions } }')).data.viewer.permissions;
    const all = [...others, ...naming].sort();
    expect([await held(token), await held(member)]).toEqual([all, all]);

    // A refused deletion drops none.
    await world.ask('admin', remove, { uuid: gone, ifRevision: 9 });
    expect([await held(token), await held(member)]).toEqual([all, all]);

    await world.ask('admin', remove, { uuid: gone });
    expect([await held(token), await held(member)]).toEqual([others.toSorted(), others.toSorted()]);
    const { permissions } = (await world.accounts.listRoles()).find(({ name }) => name === 'crew') ?? {};
    expect([...(permissions ?? [])].sort()).toEqual(others.toSorted());
  });
});

it('counts fifty mixed writes at once, from two processes on one database', async () => {
  const uuid = await world.addScript('busy');
  const elsewhere = createScriptOperations(second, world.config.limits, () => new Date());
  const writes = Array.from({ length: 50 }, (_, index) => {
    const here = index % 2 === 0;
    const [name, script, path] = [`name ${index}`, `source ${index}`, [`k${index}`]];
    if (index % 10 >= 6) {
      return here
        ? world.ask('editor', set, { uuid, path, value: index })
        : elsewhere.setMetadata(localOrigin(), uuid, path, index);
    }
    const input = index % 4 < 2 ? { name } : { script, config: { index } };
    return here ? world.ask('editor', update, { uuid, input }) : elsewhere.update(localOrigin(), uuid, input);
  });
  const answers = (await Promise.all(writes)).filter((answer) => answer !== undefined);
  expect(answers).toHaveLength(25);
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  const { revision, metadata, name, script, config } = await read(uuid);
  expect(revision).toBe(51);
  expect(Object.values(metadata).sort()).toEqual(
    Array.from({ length: 50 }, (_, index) => index)
      .filter((index) => index % 10 >= 6)
      .sort(),
  );
  expect(name).toMatch(/^name \d+$/);
  // What one write set together stayed together.
  expect(script).toBe(`source ${config.index}`);
});

/** An object with as many levels. */
function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
}
