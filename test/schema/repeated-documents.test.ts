import { afterAll, beforeAll, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.addScript('null', { metadata: { team: null, a: null } });
  await world.addScript('x', { metadata: { team: 'x', a: { x: 1, y: null } } });
  await world.addScript('list', { metadata: { a: [1] } });
  await world.addScript('proto', { metadata: JSON.parse('{"a": {"__proto__": {"a": 1}}}') });
});
afterAll(() => world.close());

const times = 6;

/** The names that a list answers, each of the times that it is asked for. */
async function namesOf(query: string, variables?: Readonly<Record<string, unknown>>) {
  const answers: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    const answer = await world.ask('admin', query, variables);
    answers.push(answer.data?.dtraceScripts?.map(({ name }: { name: string }) => name) ?? codesOf(answer));
  }
  return answers;
}

const always = (names: readonly string[]) => Array.from({ length: times }, () => names);

it.each([
  [
    'an absent variable adds no entry to an input object',
    'query ($e: JSON) { dtraceScripts(filter: {metadata: [{path: ["team"], isSet: true, equals: $e}]}) { name } }',
    {},
    ['null', 'x'],
  ],
  [
    'a null variable is the value null',
    'query ($e: JSON) { dtraceScripts(filter: {metadata: [{path: ["team"], isSet: true, equals: $e}]}) { name } }',
    { e: null },
    ['null'],
  ],
  [
    'a variable inside a JSON object is read each time',
    'query ($x: Int) { dtraceScripts(filter: {metadata: [{path: ["a"], equals: {x: $x, y: null}}]}) { name } }',
    { x: 1 },
    ['x'],
  ],
  [
    'a variable inside a JSON list is read each time',
    'query ($x: JSON) { dtraceScripts(filter: {metadata: [{path: ["a"], equals: [$x]}]}) { name } }',
    { x: 1 },
    ['list'],
  ],
  [
    'a key such as __proto__ in a literal is a key like any other',
    '{ dtraceScripts(filter: {metadata: [{path: ["a"], equals: {__proto__: {a: 1}}}]}) { name } }',
    {},
    ['proto'],
  ],
  [
    'a key such as __proto__ in a default is a key like any other',
    'query ($e: JSON = {__proto__: {a: 1}}) { dtraceScripts(filter: {metadata: [{path: ["a"], equals: $e}]}) { name } }',
    {},
    ['proto'],
  ],
  [
    'a list in the place of an input object is refused',
    'query ($f: DtraceScriptFilter) { dtraceScripts(filter: $f) { name } }',
    { f: [] },
    ['BAD_USER_INPUT'],
  ],
])('%s, however often the document comes', async (_, query, variables, names) => {
  expect(await namesOf(query, variables)).toEqual(always(names));
});

it('another value of a variable is another answer, however often the document came before', async () => {
  const query =
    'query ($x: Int) { dtraceScripts(filter: {metadata: [{path: ["a"], equals: {x: $x, y: null}}]}) { name } }';
  expect(await namesOf(query, { x: 1 })).toEqual(always(['x']));
  expect(await namesOf(query, { x: 2 })).toEqual(always([]));
});
