import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';

let world: World;
const uuids: string[] = [];
const text = 'x'.repeat(4_000);
beforeAll(async () => {
  world = await createWorld({ MAX_RESPONSE_BYTES: '65536' });
  const metadata = { note: text, deep: { a: 1 } };
  for (let index = 0; index < 20; index += 1) {
    uuids.push(await world.addScript(`script ${index}`, { script: text, metadata }));
  }
});
afterAll(() => world.close());

const repeated = () => Array.from({ length: 20 }, () => uuids[0]);
const representations = (of: readonly unknown[]) => of.map((uuid) => ({ __typename: 'DtraceScript', uuid }));
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

describe('an answer that is too large is refused', () => {
  it.each([
    ['a list', '{ dtraceScripts { script } }', {}],
    ['a list by its metadata', '{ dtraceScripts { metadata } }', {}],
    [
      'a list with directives',
      'query ($y: Boolean!) { dtraceScripts { script @include(if: $y) } }',
      { y: true },
    ],
    [
      'a list with a filter',
      '{ dtraceScripts(filter: { name: { contains: "script" } }) { metadata(path: ["note"]) } }',
      {},
    ],
    ['a connection', '{ dtraceScriptsConnection(first: 20) { nodes { script } } }', {}],
    ['the edges of a connection', '{ dtraceScriptsConnection { edges { node { name script } } } }', {}],
    ['a batch', 'query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { script } }', () => ({ u: uuids })],
    [
      'a batch of one script, again and again',
      'query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { script } }',
      () => ({ u: repeated() }),
    ],
    [
      'entities',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on DtraceScript { script } } }',
      () => ({ r: representations(repeated()) }),
    ],
    [
      'one field under many names',
      `query ($u: UUID!) { dtraceScript(uuid: $u) { ${aliases(20, 'script')} } }`,
      () => ({ u: uuids[0] }),
    ],
    [
      'one field under many names, with directives',
      `query ($u: UUID!, $y: Boolean!) { dtraceScript(uuid: $u) { uuid @include(if: $y) ${aliases(20, 'script')} } }`,
      () => ({ u: uuids[0], y: true }),
    ],
    [
      'one value of the metadata under many names',
      `query ($u: UUID!) { dtraceScript(uuid: $u) { ${aliases(20, 'metadata(path: ["note"])')} } }`,
      () => ({ u: uuids[0] }),
    ],
    [
      'many fields, each of which is small enough',
      `{ ${Array.from({ length: 5 }, (_, index) => `b${index}: dtraceScripts(first: 4) { script }`).join(' ')} }`,
      {},
    ],
  ])('%s', async (_, query, variables) => {
    const given = typeof variables === 'function' ? variables() : variables;
    const answer = await world.ask('admin', query, given);
    expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(answer.errors[0]?.message).toBe(
      'The answer would have more than 65536 bytes (MAX_RESPONSE_BYTES). Ask for fewer scripts at a time ("first"), or for fewer fields.',
    );
    expect(answer.data).toBeUndefined();
  });

  it('also over REST', async () => {
    const response = await world.fetch('/dtrace?full-list=true', {
      headers: { authorization: `Bearer ${world.tokens.admin}` },
    });
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('MAX_RESPONSE_BYTES'),
    });
  });
});

describe('what is small enough is answered', () => {
  it.each([
    ['a page', '{ dtraceScripts(first: 7) { script metadata } }'],
    ['the same with a directive', '{ dtraceScripts(first: 7) { script @include(if: true) metadata } }'],
    ['a list without what is long', '{ dtraceScripts { uuid name updatedAt } }'],
    ['a list by twenty in parts, of little each', '{ dtraceScripts { name config } }'],
  ])('%s', async (_, query) => {
    const { data, errors } = await world.ask('admin', query);
    expect(errors).toEqual([]);
    expect(data.dtraceScripts.length).toBeGreaterThanOrEqual(7);
  });

  it('scripts that are read in parts are answered in their order, each in all its places', async () => {
    const columns = ['name', 'config', 'metadata', 'script'] as const;
    const order = { field: 'name', direction: 'desc' } as const;
    const page = { visible: 'all', filter: {}, order, limit: 20 } as const;
    const listed = await world.store.scripts.list(page, columns);
    const names = uuids.map((_, index) => `script ${index}`).sort();
    expect(listed.map(({ name }) => name)).toEqual(names.reverse());
    expect(new Set(listed.map(({ script }) => script))).toEqual(new Set([text]));

    const [first = '', second = ''] = uuids;
    const found = await world.store.scripts.findMany([...uuids, second, first, first], columns);
    expect(found.map((script) => script?.uuid)).toEqual([...uuids, second, first, first]);
    expect(found.at(-1)).toBe(found.at(-2));
    expect(found.at(-1)).toBe(found[0]);
  });
});

it('an answer whose texts take more room as JSON is refused, too, by GraphQL and by REST', async () => {
  const controls = '\u0001'.repeat(12_000);
  const uuid = await world.addScript('controls', { script: controls });
  const graphql = await world.ask(
    'admin',
    `{ dtraceScript(uuid: "${uuid}") { script revision @skip(if: true) } }`,
  );
  expect(graphql.errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('MAX_RESPONSE_BYTES'),
  ]);
  expect(graphql.data).toBeUndefined();
  const headers = { authorization: `Bearer ${world.tokens.admin}` };
  const rest = await world.fetch(`/dtrace/${uuid}`, { headers });
  expect([rest.status, await rest.json()]).toMatchObject([
    400,
    { error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('MAX_RESPONSE_BYTES') } },
  ]);
});
