import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/http/gateway.ts';
import { operations } from '../fuzz/documents.ts';
import { createWorld, type Person, sendOperation, type World } from '../support/world.ts';

let world: World;
const uuids: string[] = [];
/** Who may get the first script alone. */
let single: string;
const texts = [
  'plain',
  'a "quoted" \\ name',
  'Ünïcödé 🦊 \u2028 \u007f',
  '</script>',
  'tab\tand\nline',
  '$name$',
];

beforeAll(async () => {
  world = await createWorld();
  for (const [index, text] of texts.entries()) {
    const value = {
      [text]: text,
      number: 1e21 / 3,
      __proto__: [null, true, -0.5],
      deep: { a: [{ b: index }] },
    };
    uuids.push(await world.addScript(text, { script: text, config: value, metadata: value }));
  }
  single = await world.addUser('single', 'cloud->dtrace->list', `dtrace->${uuids[0]}->get`);
});
afterAll(() => world.close());

const absent = '00000000-0000-4000-8000-000000000000';

/** The answers to a query before it is compiled, and after. */
async function before(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  as: Person | { token: string },
) {
  const ask = async () => {
    const { status, data, errors } = await world.ask(as, query, variables);
    return JSON.stringify({ status, data, errors });
  };
  const first = await ask();
  await ask();
  await ask();
  // Compiling begins after the third time.
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  return { first, compiled: await ask() };
}

/** Where answers differ; they can be long. */
function expectAlike(answer: string, expected: string): void {
  let at = 0;
  while (at < expected.length && answer[at] === expected[at]) at += 1;
  const excerpt = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  expect(excerpt(answer)).toBe(excerpt(expected));
}

it('whatever is asked, a compiled query answers it as before', async () => {
  const people: readonly Person[] = ['admin', 'reader', 'lister', 'blind'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...people),
      operations([...uuids, absent]),
      async (person, operation) => {
        const { query, variables } = operation;
        // Of what has happened there is more every time.
        fc.pre(query.startsWith('query') && !query.includes('auditEvents'));
        const { first, compiled } = await before(query, variables, person);
        expectAlike(compiled, first);
      },
    ),
    { numRuns: 150, endOnFailure: true },
  );
});

const everything = 'uuid name script config metadata revision createdAt updatedAt';

it.each([
  [
    'one script',
    `query ($u: [UUID!]!, $first: UUID!) { dtraceScript(uuid: $first) { ${everything} } dtraceScriptsByUuid(uuids: $u) { ${everything} } }`,
  ],
  [
    'other names and the name of the type',
    'query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { __typename id: uuid title: name type: __typename } }',
  ],
  ['nothing but the name of the type', '{ dtraceScripts { __typename } }'],
  [
    'fragments, and a field twice',
    '{ dtraceScripts { ...A ... on DtraceScript { name } ... { uuid uuid } } } fragment A on DtraceScript { uuid config }',
  ],
  ['a list', `{ dtraceScripts(orderBy: { field: NAME, direction: DESC }) { ${everything} } }`],
  [
    'a connection',
    '{ dtraceScriptsConnection(first: 4) { totalCount nodes { name metadata } edges { cursor node { name metadata } } pageInfo { hasNextPage endCursor startCursor } } }',
  ],
  [
    'a connection whose nodes and edges differ',
    '{ dtraceScriptsConnection(first: 2) { nodes { name } edges { node { uuid } } } }',
  ],
  [
    'entities',
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on DtraceScript { name metadata } } }',
  ],
  ['two texts in one operation', '{ a: dtraceScripts { uuid } b: dtraceScripts { name } }'],
  [
    'a field twice, once left out',
    '{ viewer { name } viewer @skip(if: true) { id roles } dtraceScripts { uuid } }',
  ],
  [
    'scripts beside the schema',
    '{ _sdl _service { sdl } __type(name: "DtraceScript") { kind } dtraceScripts { uuid } }',
  ],
  ['a text at a path', '{ dtraceScripts { uuid metadata(path: ["deep", "a"]) } }'],
  [
    'a field that may be left out',
    'query ($yes: Boolean!) { dtraceScripts { uuid name @include(if: $yes) } }',
  ],
  [
    'a list that may be left out',
    'query ($yes: Boolean!) { dtraceScripts @skip(if: $yes) { uuid } viewer { name } }',
  ],
])('a compiled query answers %s as before, to whoever may see all, one or nothing', async (_, query) => {
  const variables = {
    u: [uuids[1], absent, uuids[0], uuids[0]?.toUpperCase()],
    first: uuids[0],
    r: [...uuids, absent, 'nonsense'].map((uuid) => ({ __typename: 'DtraceScript', uuid })),
    yes: true,
  };
  for (const person of ['admin', 'lister', { token: single }] as const) {
    const used = Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}`)));
    const { first, compiled } = await before(query, used, person);
    expectAlike(compiled, first);
  }
});

it('a compiled query reads its scripts as texts, unless it takes more than columns', async () => {
  const list = vi.fn(world.store.scripts.list);
  const gateway = createGateway({ ...world.store, scripts: { ...world.store.scripts, list } }, world.config);
  const readsTexts = async (selection: string) => {
    const send = () =>
      sendOperation(
        (init) => gateway.fetch('http://gateway/graphql', init),
        world.tokens.admin,
        `{ dtraceScripts { ${selection} } }`,
      );
    for (let time = 0; time < 3; time += 1) await send();
    await vi
      .waitUntil(
        async () => {
          await send();
          return list.mock.lastCall?.[2] !== undefined;
        },
        { timeout: 300 },
      )
      .catch(() => {});
    return list.mock.lastCall?.[2]?.members.map(([name]) => name);
  };
  expect(await readsTexts('id: uuid __typename name')).toEqual(['id', '__typename', 'name']);
  expect(await readsTexts('uuid metadata(path: ["a"])')).toBeUndefined();
});
