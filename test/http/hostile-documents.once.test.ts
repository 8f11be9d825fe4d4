import { afterAll, beforeAll, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld();
  uuid = await world.addScript('target');
});
afterAll(() => world.close());

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const setTo = (value: string) =>
  `mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["a"], value: ${value}) { uuid } }`;

it.each([
  ['brackets in thousands', () => setTo(nested(50_000))],
  ['brackets as many as the parser takes', () => setTo(nested(950))],
  ['objects as deep as the parser takes', () => setTo(`${'{a:'.repeat(450)}1${'}'.repeat(450)}`)],
  ['selections in thousands', () => '{ viewer '.repeat(20_000)],
  [
    'fragments that are each other',
    () => '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
  ],
  ['directives in thousands', () => `{ viewer ${'@skip(if: false) '.repeat(5_000)} { name } }`],
  [
    'aliases in thousands',
    () => `{ ${Array.from({ length: 5_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
  ],
  ['nothing', () => ''],
  ['a byte order mark and a zero', () => '\uFEFF\u0000'],
])('a document of %s is bad input, and nothing of ours breaks', async (_, document) => {
  const answer = await world.ask('admin', document());
  expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
});

it('variables nested in thousands are bad input', async () => {
  const body = `{"query": "mutation ($v: JSON) { setDtraceScriptMetadata(uuid: \\"${uuid}\\", path: [\\"a\\"], value: $v) { uuid } }", "variables": {"v": ${nested(100_000)}}}`;
  const response = await world.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.tokens.admin}` },
    body,
  });
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: 'value' } }],
  });
});
