import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localOrigin } from '../../src/operations/local-origin.ts';
import { createScriptOperations } from '../../src/operations/script-operations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { provider } from '../support/database.ts';
import { codesOf, createWorld, type World } from '../support/world.ts';

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };
type Path = readonly string[];

let world: World;
/** A second store on the same database, as another process would have it. */
let second: Store;
beforeAll(async () => {
  world = await createWorld({
    MAX_METADATA_BYTES: '20000',
    MAX_METADATA_DEPTH: '6',
    MAX_METADATA_PATH_LENGTH: '4',
    MAX_METADATA_KEY_BYTES: '40',
  });
  second = await openStore(world.config);
});
afterAll(async () => {
  await second.close();
  await world.close();
});

const mutations = {
  set: 'setDtraceScriptMetadata',
  unset: 'unsetDtraceScriptMetadata',
} as const;

const set = (uuid: string, path: Path, value?: unknown) =>
  world.ask(
    'editor',
    `mutation ($uuid: UUID!, $path: [String!]!, $value: JSON) {
      setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) {
        uuid dtraceScript { metadata at: metadata(path: $path) revision }
      }
    }`,
    { uuid, path, value },
  );
const unset = (uuid: string, path: Path) =>
  world.ask(
    'editor',
    `mutation ($uuid: UUID!, $path: [String!]!) {
      unsetDtraceScriptMetadata(uuid: $uuid, path: $path) { uuid dtraceScript { metadata revision } }
    }`,
    { uuid, path },
  );
const read = async (uuid: string) => {
  const { data } = await world.ask(
    'reader',
    `{ dtraceScript(uuid: "${uuid}") { metadata revision updatedAt } }`,
  );
  return data.dtraceScript as { metadata: JsonObject; revision: number; updatedAt: string };
};
const start = (metadata: unknown) => world.addScript('annotated', { metadata });

/** Keys that trip up path syntaxes, prototypes, arrays and escapes. */
const nastyKeys = [
  '',
  ' ',
  '0',
  '-1',
  '[0]',
  '*',
  '$',
  '#',
  '@',
  'a.b',
  'a/b',
  'a->b',
  'a"b',
  'a\\b',
  'a\\"b\\',
  "a'b",
  '`',
  '%s',
  '{}',
  '\u0001\u001f\u007f',
  '\n\r\t\b\f',
  '\u2028',
  '🦊',
  'e\u0301',
  'é',
  'É',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
];

describe('setDtraceScriptMetadata', () => {
  it.each<[string, JsonObject, Path, Json, JsonObject]>([
    ['adds a key', { a: 1 }, ['b'], 2, { a: 1, b: 2 }],
    ['replaces a value by one of another type', { a: 1, b: 2 }, ['a'], { c: 'x' }, { a: { c: 'x' }, b: 2 }],
    ['replaces an object as a whole', { a: { b: 1, c: 2 } }, ['a'], { d: 3 }, { a: { d: 3 } }],
    ['creates the objects on the way', {}, ['a', 'b', 'c'], 1, { a: { b: { c: 1 } } }],
    [
      'goes through objects that are there',
      { a: { x: 1 } },
      ['a', 'b', 'c'],
      1,
      { a: { x: 1, b: { c: 1 } } },
    ],
    ['stores null as such', { a: 1 }, ['a'], null, { a: null }],
    ['stores false, 0 and empty text', {}, ['a'], [false, 0, ''], { a: [false, 0, ''] }],
    ['stores empty objects and arrays', {}, ['a', 'b'], { c: {}, d: [] }, { a: { b: { c: {}, d: [] } } }],
    ['stores text that looks like JSON as text', {}, ['a'], '{"b": 1}', { a: '{"b": 1}' }],
    ['keeps a fraction and a very large number', {}, ['n'], [0.1, 1.5e300, -7], { n: [0.1, 1.5e300, -7] }],
    ['keeps the members of an array apart', {}, ['a'], [{ a: 1 }, null, [2]], { a: [{ a: 1 }, null, [2]] }],
  ])('%s', async (_, before, path, value, after) => {
    const uuid = await start(before);
    const { errors, data } = await set(uuid, path, value);
    expect(errors).toEqual([]);
    const script = { metadata: after, at: value, revision: 2 };
    expect(data.setDtraceScriptMetadata).toEqual({ uuid, dtraceScript: script });
    expect((await read(uuid)).metadata).toEqual(after);
  });

  it('moves updatedAt', async () => {
    const uuid = await start({});
    const { updatedAt } = await read(uuid);
    await sleep(3);
    await set(uuid, ['a'], 1);
    expect(Date.parse((await read(uuid)).updatedAt)).toBeGreaterThan(Date.parse(updatedAt));
  });

  it.each([
    ['no value', 'setDtraceScriptMetadata(uuid: $uuid, path: ["a"])'],
    ['a variable that was not given', 'setDtraceScriptMetadata(uuid: $uuid, path: ["a"], value: $none)'],
  ])('takes %s for an error, not for null', async (_, field) => {
    const uuid = await start({ a: 1 });
    const unused = field.includes('$none') ? ', $none: JSON' : '';
    const answer = await world.ask('editor', `mutation ($uuid: UUID!${unused}) { ${field} { uuid } }`, {
      uuid,
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toBe(
      'Argument "value": it is missing. To store null, say so: value: null.',
    );
    expect(await read(uuid)).toMatchObject({ metadata: { a: 1 }, revision: 1 });
  });

  it('takes values written into the query, variables inside them included', async () => {
    const uuid = await start({});
    const { data } = await world.ask(
      'editor',
      `mutation ($uuid: UUID!, $part: JSON) {
        a: setDtraceScriptMetadata(uuid: $uuid, path: "a", value: {b: [1, 2.5, "x", true, null, {__proto__: $part}]}) { uuid }
        b: setDtraceScriptMetadata(uuid: $uuid, path: ["b"], value: null) { dtraceScript { metadata } }
      }`,
      { uuid, part: { c: 1 } },
    );
    expect(canonical(data.b.dtraceScript.metadata)).toBe(
      canonical({ a: { b: [1, 2.5, 'x', true, null, { ['__proto__']: { c: 1 } }] }, b: null }),
    );
  });

  it.each<[string, Json, Path, string]>([
    ['a number', 1, ['in', 'a'], 'in'],
    ['text', 'x', ['in', 'a', 'b'], 'in'],
    ['an empty text', '', ['in', 'a'], 'in'],
    ['false', false, ['in', 'a'], 'in'],
    ['null', null, ['in', 'a'], 'in'],
    ['an array, also for a number as the key', [1, 2], ['in', '0'], 'in'],
    ['an empty array', [], ['in', 'a'], 'in'],
    ['an array of objects', [{ a: 1 }], ['in', '0', 'a'], 'in'],
    ['a scalar further in', { b: { c: 1 } }, ['in', 'b', 'c', 'd'], 'in.b.c'],
    ['a scalar below an awkward key', { 'x "y".z': 1 }, ['in', 'x "y".z', 'k'], 'in."x \\"y\\".z"'],
  ])('never replaces what is in the way: %s', async (_, obstacle, path, where) => {
    const metadata = { in: obstacle, by: 1 };
    const uuid = await start(metadata);
    const answer = await set(uuid, path, 'lost?');
    expect(answer.data).toEqual({ setDtraceScriptMetadata: null });
    expect(answer.errors[0]).toMatchObject({
      message: `Argument "path": the metadata at ${where} is not an object, so nothing can be set below it. Set or unset that key first.`,
      extensions: { code: 'BAD_USER_INPUT', argument: 'path' },
    });
    expect(await read(uuid)).toMatchObject({ metadata, revision: 1 });
    // For a removal there is simply nothing there.
    expect(codesOf(await unset(uuid, path))).toEqual(['NOT_FOUND']);
    expect(await read(uuid)).toMatchObject({ metadata, revision: 1 });
  });
});

describe('unsetDtraceScriptMetadata', () => {
  it.each<[string, JsonObject, Path, JsonObject]>([
    ['removes a key', { a: 1, b: 2 }, ['a'], { b: 2 }],
    ['removes a null', { a: null }, ['a'], {}],
    ['removes a whole object', { a: { b: { c: 1 } }, d: 1 }, ['a'], { d: 1 }],
    ['leaves an emptied object', { a: { b: 1 } }, ['a', 'b'], { a: {} }],
    ['minds its path', { a: { b: 1, c: 2 }, b: 3 }, ['a', 'b'], { a: { c: 2 }, b: 3 }],
  ])('%s', async (_, before, path, after) => {
    const uuid = await start(before);
    const { data, errors } = await unset(uuid, path);
    expect(errors).toEqual([]);
    const dtraceScript = { metadata: after, revision: 2 };
    expect(data.unsetDtraceScriptMetadata).toEqual({ uuid, dtraceScript });
    expect((await read(uuid)).metadata).toEqual(after);
  });

  it.each<[Path, string]>([
    [['b'], 'b'],
    [['A'], 'A'],
    [['a', 'x'], 'a.x'],
    [['a', 'b', 'c'], 'a.b.c'],
    [['list', '0'], 'list.0'],
    [['__proto__'], '__proto__'],
    [['a', 'constructor'], 'a.constructor'],
    [['list', 'length'], 'list.length'],
    [['', ' '], '""." "'],
  ])('is NOT_FOUND where nothing is: %j', async (path, where) => {
    const metadata = { a: { b: 1 }, list: [1] };
    const uuid = await start(metadata);
    const answer = await unset(uuid, path);
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
    expect(answer.errors[0]?.message).toBe(`Script ${uuid} has no metadata at ${where}.`);
    expect(await read(uuid)).toMatchObject({ metadata, revision: 1 });
  });
});

it.each(nastyKeys)('sets, reads and unsets under the key %j like under any other', async (key) => {
  const uuid = await start({ ab: 1 });
  const { data, errors } = await world.ask(
    'editor',
    `mutation ($uuid: UUID!, $key: [String!]!, $leaf: [String!]!, $parent: [String!]!, $value: JSON, $text: JSON) {
      a: setDtraceScriptMetadata(uuid: $uuid, path: $key, value: $value) { uuid }
      b: setDtraceScriptMetadata(uuid: $uuid, path: $leaf, value: $text) { dtraceScript { metadata at: metadata(path: $leaf) } }
      c: unsetDtraceScriptMetadata(uuid: $uuid, path: $key) { uuid }
      d: unsetDtraceScriptMetadata(uuid: $uuid, path: $parent) { dtraceScript { metadata revision } }
    }`,
    { uuid, key: [key], leaf: ['in', key, 'leaf'], parent: ['in', key], value: { v: key }, text: key },
  );
  expect(errors).toEqual([]);
  const { metadata, at } = data.b.dtraceScript;
  expect(at).toBe(key);
  expect(canonical(metadata)).toBe(canonical({ ab: 1, [key]: { v: key }, in: { [key]: { leaf: key } } }));
  expect(data.d.dtraceScript).toEqual({ metadata: { ab: 1, in: {} }, revision: 5 });
});

describe('metadata(path:)', () => {
  let uuid: string;
  beforeAll(async () => {
    uuid = await start({ a: { b: [1, { c: 2 }], n: null, '': 0 }, t: 'text' });
  });

  it.each<[Path | null | undefined, Json]>([
    [undefined, { a: { b: [1, { c: 2 }], n: null, '': 0 }, t: 'text' }],
    [null, { a: { b: [1, { c: 2 }], n: null, '': 0 }, t: 'text' }],
    [[], { a: { b: [1, { c: 2 }], n: null, '': 0 }, t: 'text' }],
    [
      ['a', 'b'],
      [1, { c: 2 }],
    ],
    [['a', ''], 0],
    [['a', 'n'], null],
    [['t'], 'text'],
    [['absent'], null],
    [['absent', 'further', 'in', 'than', 'any', 'limit'], null],
    [['t', 'length'], null],
    [['t', '0'], null],
    [['a', 'b', '0'], null],
    [['a', 'b', 'length'], null],
    [['constructor', 'name'], null],
    [['__proto__'], null],
  ])('reads at %j', async (path, value) => {
    const query =
      'query ($uuid: UUID!, $path: [String!]) { dtraceScript(uuid: $uuid) { metadata(path: $path) } }';
    const { data, errors } = await world.ask('reader', query, { uuid, path });
    expect([data.dtraceScript.metadata, errors]).toEqual([value, []]);
  });

  it('reads several places at once', async () => {
    const { data } = await world.ask(
      'reader',
      `{ dtraceScript(uuid: "${uuid}") { t: metadata(path: "t") n: metadata(path: ["a", "n"]) } }`,
    );
    expect(data.dtraceScript).toEqual({ t: 'text', n: null });
  });
});

describe('limits', () => {
  const long = 'k'.repeat(40);

  it.each<[string, Path, Json, string]>([
    ['an empty path', [], 1, 'Argument "path": it must name at least one key.'],
    ['a path too long', ['a', 'b', 'c', 'd', 'e'], 1, 'Argument "path": it has 5 keys; 4 are allowed.'],
    ['a key too long', [`${long}k`], 1, 'Argument "path": a key has 41 bytes; 40 are allowed.'],
    ['a key of too many bytes', ['🦊'.repeat(11)], 1, 'Argument "path": a key has 44 bytes; 40 are allowed.'],
    [
      'a key too long in the value',
      ['a'],
      [{ [`${long}k`]: 1 }],
      'Argument "value": a key has 41 bytes; 40 are',
    ],
    ['U+0000 in the path', ['a\u0000'], 1, 'Argument "path": it holds the character U+0000'],
    ['half an emoji in the path', ['a', '\udc00'], 1, 'Argument "path": it holds half of a surrogate pair'],
    ['U+0000 in the value', ['a'], ['\u0000'], 'Argument "value": it holds the character U+0000'],
    ['half an emoji in a key of the value', ['a'], { '\ud800': 1 }, 'Argument "value": it holds half of a'],
    [
      'a value too deep',
      ['a', 'b'],
      nested(5),
      'Argument "value": it is nested too deeply. At most 6 levels are',
    ],
    [
      'an empty object too deep',
      ['a', 'b', 'c'],
      nested(3, []),
      'Argument "value": it is nested too deeply.',
    ],
    [
      'a value beyond the whole',
      ['a'],
      'x'.repeat(19_999),
      'Argument "value": it has 20001 bytes; 20000 are allowed.',
    ],
  ])('refuse %s', async (_, path, value, message) => {
    const uuid = await start({ kept: 1 });
    const answer = await set(uuid, path, value);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toContain(message);
    expect(await read(uuid)).toMatchObject({ metadata: { kept: 1 }, revision: 1 });
    if (message.includes('"path"')) {
      expect((await unset(uuid, path)).errors[0]?.message).toContain(message);
    }
  });

  it.each<[string, Path, Json]>([
    ['a path', ['a', 'b', 'c', 'd'], 1],
    ['a key', [long], { ['🦊'.repeat(10)]: 1 }],
    ['the depth', ['a', 'b'], nested(4)],
    ['the depth of an empty object', ['a', 'b', 'c'], nested(2, [])],
  ])('are still allowed: %s', async (_, path, value) => {
    const uuid = await start({});
    const { data, errors } = await set(uuid, path, value);
    expect(errors).toEqual([]);
    expect(data.setDtraceScriptMetadata.dtraceScript.at).toEqual(value);
  });

  it('hold for a path that is longer than the metadata may be deep', async () => {
    const elsewhere = createScriptOperations(
      second,
      { ...world.config.limits, maxMetadataDepth: 2 },
      () => new Date(),
    );
    const uuid = await start({});
    await elsewhere.setMetadata(localOrigin(), uuid, ['a', 'b'], 1);
    await expect(elsewhere.setMetadata(localOrigin(), uuid, ['a', 'c', 'd'], 1)).rejects.toThrow(
      'Argument "value": it is nested too deeply. At most 2 levels are allowed.',
    );
    expect((await read(uuid)).metadata).toEqual({ a: { b: 1 } });
  });

  it('count the document as a whole, to the byte, as the database writes it', async () => {
    // {"a":"…","b":"…"}, in PostgreSQL with a space behind each colon and comma.
    const frame = provider === 'sqlite' ? 15 : 18;
    const uuid = await start({ a: 'x'.repeat(1000) });
    const room = 20_000 - frame - 1000;
    const refused = await set(uuid, ['b'], 'y'.repeat(room + 1));
    expect(refused.errors[0]).toMatchObject({
      message:
        'Argument "value": the metadata would grow beyond 20000 bytes. Unset what is no longer needed.',
      extensions: { code: 'BAD_USER_INPUT', argument: 'value' },
    });
    expect((await read(uuid)).metadata).toEqual({ a: 'x'.repeat(1000) });
    expect((await set(uuid, ['b'], 'y'.repeat(room))).errors).toEqual([]);
    expect(codesOf(await set(uuid, ['c'], 1))).toEqual(['BAD_USER_INPUT']);
    expect((await set(uuid, ['b'], 'ü'.repeat(Math.floor(room / 2)))).errors).toEqual([]);
    expect((await unset(uuid, ['a'])).errors).toEqual([]);
    expect((await set(uuid, ['c'], 1)).errors).toEqual([]);
  });

  it.each([
    ['in the query', 'value: 1e999', '{}'],
    ['deep in the query', 'value: {a: [-1e999]}', '{}'],
    ['in the variables', 'value: $v', '{"v": 1e999}'],
    ['deep in the variables', 'value: $v', '{"v": [{"a": -1e400}]}'],
    ['in a variable inside a value', 'value: [$v]', '{"v": 1e999}'],
  ])('refuse a number that no JSON reader could take back %s', async (_, value, variables) => {
    const uuid = await start({});
    const query = `mutation${value.includes('$v') ? ' ($v: JSON)' : ''} { setDtraceScriptMetadata(uuid: "${uuid}", path: ["a"], ${value}) { uuid } }`;
    const response = await world.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${world.tokens.editor}` },
      body: `{"query": ${JSON.stringify(query)}, "variables": ${variables}}`,
    });
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors).toMatchObject([
      {
        message: 'Argument "value": a number is too large: JSON holds up to about 1.8e308.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(await read(uuid)).toMatchObject({ metadata: {}, revision: 1 });
  });
});

it('loses none of two hundred concurrent writes to one script, from two processes on one database', async () => {
  const uuid = await start({ before: true });
  const [here, elsewhere] = [world.store, second].map((store) =>
    createScriptOperations(store, world.config.limits, () => new Date()),
  );
  const pathOf = (index: number) => (index % 4 === 0 ? [`k${index}`] : ['shared', `k${index}`]);
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      (index % 2 === 0 ? here : elsewhere)?.setMetadata(localOrigin(), uuid, pathOf(index), index),
    ),
  );
  let expected: JsonObject = { before: true };
  for (let index = 0; index < 200; index += 1) expected = withValue(expected, pathOf(index), index);
  const { metadata, revision } = await read(uuid);
  expect(metadata).toEqual(expected);
  expect(revision).toBe(201);
});

describe('for any documents, keys and values,', () => {
  const key = fc.oneof(
    fc.constantFrom('a', 'b', ...nastyKeys),
    fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replaceAll('\u0000', '')),
  );
  const scalar = fc.oneof(
    fc.constantFrom(null, true, false, 0, -0, 1, 5e-324, 1.7976931348623157e308, 2 ** 53, '', 'null'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\u0000', '')),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(Object.fromEntries),
    ),
  }));
  const document = fc.array(fc.tuple(key, value), { maxLength: 4 }).map(Object.fromEntries<Json>);
  const path = fc.array(key, { minLength: 1, maxLength: 3 });

  interface Step {
    readonly write: keyof typeof mutations;
    readonly path: Path;
    readonly value?: Json;
  }
  /** Creates a script, takes the steps one after the other in one request, and reads it again. */
  const run = async (metadata: JsonObject, steps: readonly Step[]) => {
    const uuid = await world.addScript('random', { metadata });
    const fields = steps.map(({ write }, index) => {
      const value = write === 'set' ? `, value: $v${index}` : '';
      const selection =
        index < steps.length - 1
          ? 'uuid'
          : `dtraceScript { metadata revision at: metadata(path: $p${index}) }`;
      return `s${index}: ${mutations[write]}(uuid: $uuid, path: $p${index}${value}) { ${selection} }`;
    });
    const declared = steps.map(
      ({ write }, index) => `$p${index}: [String!]!${write === 'set' ? `, $v${index}: JSON` : ''}`,
    );
    const given = steps.flatMap(({ path, value }, index) => [
      [`p${index}`, path],
      [`v${index}`, value],
    ]);
    const { data, errors } = await world.ask(
      'editor',
      `mutation ($uuid: UUID!, ${declared.join(', ')}) { ${fields.join('\n')} }`,
      { uuid, ...Object.fromEntries(given) },
    );
    const codes = new Map(errors.map(({ path, extensions }) => [path?.[0], extensions.code]));
    // The last step's payload shows the script, unless that step was refused.
    const end = data[`s${steps.length - 1}`]?.dtraceScript ?? (await read(uuid));
    return {
      steps: steps.map((_, index) => codes.get(`s${index}`) ?? 'written'),
      lastValue: end.at as Json | undefined,
      metadata: end.metadata as JsonObject,
      revision: end.revision as number,
    };
  };
  /** What must come of the steps, by the contract alone. */
  const predict = (metadata: JsonObject, steps: readonly Step[]) => {
    let current = metadata;
    const outcomes = steps.map(({ write, path, value = null }) => {
      if (write === 'unset') {
        if (valueAt(current, path) === undefined) return 'NOT_FOUND';
        current = withoutKey(current, path);
      } else {
        if (isObstructed(current, path)) return 'BAD_USER_INPUT';
        current = withValue(current, path, value);
      }
      return 'written';
    });
    return { outcomes, metadata: current };
  };

  it('what is set is read back unchanged, and all else stays', async () => {
    await fc.assert(
      fc.asyncProperty(document, path, value, async (before, path, value) => {
        const steps = [{ write: 'set', path, value }] as const;
        const { outcomes, metadata } = predict(before, steps);
        const after = await run(before, steps);
        expect(after.steps).toEqual(outcomes);
        expect(canonical(after.metadata)).toBe(canonical(metadata));
        if (outcomes[0] === 'written') expect(canonical(after.lastValue)).toBe(canonical(value));
      }),
      { numRuns: 25 },
    );
  });

  it('what is set and unset again leaves nothing behind but the objects on the way', async () => {
    await fc.assert(
      fc.asyncProperty(document, path, value, async (before, path, value) => {
        fc.pre(valueAt(before, path) === undefined && !isObstructed(before, path));
        const after = await run(before, [
          { write: 'set', path, value },
          { write: 'unset', path },
        ]);
        expect(after.steps).toEqual(['written', 'written']);
        const parents = path.length > 1 ? withValue(before, path.slice(0, -1), {}) : before;
        const kept = valueAt(before, path.slice(0, -1)) === undefined ? parents : before;
        expect(canonical(after.metadata)).toBe(canonical(kept));
      }),
      { numRuns: 25 },
    );
  });

  it('any sequence of writes comes to what a model comes to', async () => {
    const few = fc.constantFrom('a', 'b', '0', '__proto__');
    const shallow = fc.oneof(scalar, fc.constantFrom<Json>({}, { a: 1 }, { a: { b: [] } }, [1], []));
    const step = fc.record<Step>({
      write: fc.constantFrom('set', 'set', 'unset'),
      path: fc.array(few, { minLength: 1, maxLength: 3 }),
      value: shallow,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { outcomes, metadata } = predict({}, steps);
        const after = await run({}, steps);
        expect(after.steps).toEqual(outcomes);
        expect(canonical(after.metadata)).toBe(canonical(metadata));
        expect(after.revision).toBe(1 + outcomes.filter((outcome) => outcome === 'written').length);
      }),
      { numRuns: 25 },
    );
  });
});

// The model: plain objects, whatever their keys are called.

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(value: Json | undefined, [key, ...rest]: Path): Json | undefined {
  if (key === undefined) return value;
  return isObject(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined;
}

function isObstructed(document: JsonObject, path: Path): boolean {
  return path.some((_, index) => {
    const value = valueAt(document, path.slice(0, index));
    return value !== undefined && !isObject(value);
  });
}

function withValue(document: JsonObject, [key = '', ...rest]: Path, value: Json): JsonObject {
  const below = valueAt(document, [key]);
  const member = rest.length === 0 ? value : withValue(isObject(below) ? below : {}, rest, value);
  // Entries, as `{ ...document, [key]: member }` would be right too, but `document[key] = member` for __proto__ not.
  return Object.fromEntries([...Object.entries(document).filter(([name]) => name !== key), [key, member]]);
}

function withoutKey(document: JsonObject, [key = '', ...rest]: Path): JsonObject {
  const below = valueAt(document, [key]);
  if (rest.length > 0 && isObject(below)) return withValue(document, [key], withoutKey(below, rest));
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
}

/** JSON in one form only: members sorted, so that texts are equal exactly when values are. -0 is 0. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.sort().join()}}`;
}

/** An object with as many levels, around something. */
function nested(levels: number, core: Json = 1): Json {
  return levels === 0 ? core : { a: nested(levels - 1, core) };
}
