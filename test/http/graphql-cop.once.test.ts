import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { type Fetch, fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let gateway: Fetch;
let production: Fetch;
beforeAll(async () => {
  world = await createWorld();
  gateway = fetchFrom(createGateway(world.store, world.config));
  production = fetchFrom(
    createGateway(world.store, { ...world.config, introspection: false, graphiql: false }),
  );
});
afterAll(() => world.close());

const json = 'application/json';

async function send(
  request: { body?: string; type?: string; path?: string; accept?: string },
  fetch = gateway,
) {
  const { body, type = json, path = '/graphql', accept = json } = request;
  const response = await fetch(path, {
    headers: { accept, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  return { status: response.status, text: await response.text() };
}

const post = (query: string) => ({ body: JSON.stringify({ query }) });
const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** The checks of graphql-cop, an auditing tool, by its names for them: what it must not find here. */
describe('graphql-cop finds no', () => {
  it.each([
    [
      'alias overloading',
      post(`query cop { ${repeat(101, (n) => `alias${n}: __typename`)} }`),
      'limit of 20',
    ],
    [
      'array-based query batching',
      { body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))) },
      'takes no arrays of operations',
    ],
    [
      'directive overloading',
      post(`query cop { __typename ${repeat(10, () => '@aa')} }`),
      'Unknown directive',
    ],
    [
      'directive overloading by known directives',
      post(`query cop { ${repeat(11, (n) => `a${n}: __typename @skip(if: true) @include(if: true)`)} }`),
      'Directives limit of 20 exceeded, found 22',
    ],
    [
      'circular query by introspection',
      post(
        `query cop { __schema { types { ${repeat(4, () => 'fields { type {')} name ${'} }'.repeat(4)} } } }`,
      ),
      'Maximum introspection depth exceeded',
    ],
    [
      'field duplication',
      post(`query cop { ${repeat(500, () => '__typename')} }`),
      'Root fields limit of 20',
    ],
    [
      'mutation over GET',
      { path: `/graphql?query=${encodeURIComponent('mutation cop { __typename }')}` },
      'Can only perform a mutation operation from a POST request.',
    ],
    [
      'form that is taken for a query',
      { body: 'query=query+cop+%7B__typename%7D', type: 'application/x-www-form-urlencoded' },
      'Send the header',
    ],
  ])('%s', async (_, request, reason) => {
    const { text } = await send(request);
    expect(JSON.parse(text)).not.toHaveProperty('data');
    expect(text).toContain('BAD_USER_INPUT');
    expect(text).toContain(reason);
  });

  it.each([
    ['field suggestions', post('query cop { __schema { directive } view { name } }'), 'Cannot query field'],
    ['introspection', post('query cop { __schema { types { name } } }'), 'introspection'],
  ])('%s, with INTROSPECTION=off', async (_, request, reason) => {
    const { text } = await send(request, production);
    expect(JSON.parse(text)).not.toHaveProperty('data');
    expect(text).toContain(reason);
    expect(text).not.toContain('Did you mean');
  });

  it('GraphiQL, with GRAPHIQL=off', async () => {
    const { status, text } = await send({ accept: 'text/html' }, production);
    expect([status, text]).not.toEqual([200, expect.stringContaining('graphiql')]);
  });

  it('tracing, and nothing else but data and errors', async () => {
    const { text } = await send(post('query cop { __typename }'));
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } });
  });

  it('error that it does not handle', async () => {
    for (const body of [
      '{"query":',
      '"query"',
      'null',
      '[]',
      '{"query":{}}',
      '{"query":"qwerty cop { abc }"}',
    ]) {
      const { status, text } = await send({ body });
      expect([status < 500, JSON.parse(text).errors[0].extensions.code]).toEqual([true, 'BAD_USER_INPUT']);
      expect(text).not.toMatch(/stack|exception|node_modules|\.ts/i);
    }
    const { status, text } = await send({ path: '/graphql?query=%7B__typename%7D&variables=%7B' });
    expect([status, text]).toEqual([400, expect.stringContaining('must be JSON')]);
  });
});
