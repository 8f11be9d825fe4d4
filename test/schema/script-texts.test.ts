import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { operations } from '../fuzz/documents.ts';
import { fetchFrom } from '../support/fetch-from.ts';
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

/** How often a document comes: no answer may depend on it. */
const times = 6;

/** The answer to a query that is sent again and again, and by the usual executor. */
async function answersTo(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  as: Person | { token: string },
) {
  const ask = async (document: string) => {
    const { status, data, errors } = await world.ask(as, document, variables);
    // The directive moves everything that stands behind it.
    return JSON.stringify({ status, data, errors: errors.map((error) => ({ ...error, locations: [] })) });
  };
  const texts: string[] = [];
  for (let time = 0; time < times; time += 1) texts.push(await ask(query));
  return { texts, usual: await ask(withDirective(query)) };
}

/** The same query with a directive that changes nothing, for which scripts are not answered as texts. */
function withDirective(query: string): string {
  if (/@(?:skip|include)/.test(query)) return query;
  return query.replace(/^(query(?: \w*(?:\(.*?\))?)? |)\{/, '$1{ ignored: __typename @skip(if: true)');
}

/** Where answers differ; they can be long. */
function expectAlike(answer: string, expected: string): void {
  let at = 0;
  while (at < expected.length && answer[at] === expected[at]) at += 1;
  const excerpt = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  expect(excerpt(answer)).toBe(excerpt(expected));
}

it('whatever is asked, scripts as texts answer it as the usual executor does, every time', async () => {
  const people: readonly Person[] = ['admin', 'reader', 'lister', 'blind'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...people),
      operations([...uuids, absent]),
      async (person, operation) => {
        const { query, variables } = operation;
        // Of what has happened there is more every time.
        fc.pre(query.startsWith('query') && !query.includes('auditEvents'));
        const { texts, usual } = await answersTo(query, variables, person);
        for (const text of texts) expectAlike(text, usual);
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
    'a connection of which no script is asked for',
    '{ dtraceScriptsConnection { totalCount } dtraceScripts { uuid } }',
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
  [
    'a text at a path beside a script',
    'query ($first: UUID!, $u: [UUID!]!) { dtraceScript(uuid: $first) { metadata(path: ["deep"]) } dtraceScriptsByUuid(uuids: $u) { revision } }',
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
])(
  'scripts as texts answer %s as the usual executor does, to whoever may see all, one or nothing',
  async (_, query) => {
    const variables = {
      u: [uuids[1], absent, uuids[0], uuids[0]?.toUpperCase()],
      first: uuids[0],
      r: [...uuids, absent, 'nonsense'].map((uuid) => ({ __typename: 'DtraceScript', uuid })),
      yes: true,
    };
    for (const person of ['admin', 'lister', { token: single }] as const) {
      const used = Object.fromEntries(
        Object.entries(variables).filter(([name]) => query.includes(`$${name}`)),
      );
      const { texts, usual } = await answersTo(query, used, person);
      for (const text of texts) expectAlike(text, usual);
    }
  },
);

it('a query that takes nothing but columns reads scripts as texts, from its first time on', async () => {
  const list = vi.fn(world.store.scripts.list);
  const gateway = createGateway({ ...world.store, scripts: { ...world.store.scripts, list } }, world.config);
  const membersRead = async (selection: string) => {
    await sendOperation(
      (init) => fetchFrom(gateway)('/graphql', init),
      world.tokens.admin,
      `{ dtraceScripts { ${selection} } }`,
    );
    return list.mock.lastCall?.[2]?.members.map(({ name }) => name);
  };
  expect(await membersRead('id: uuid __typename name')).toEqual(['id', '__typename', 'name']);
  expect(await membersRead('uuid metadata(path: ["a"])')).toBeUndefined();
});
