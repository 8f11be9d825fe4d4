import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ MAX_BODY_BYTES: '2000', MAX_FAILED_SIGN_INS: '1000' });
  server = await world.listen();
  uuid = await world.addScript('one', { metadata: { a: { b: [1, null] } } });
});
afterAll(async () => {
  await world.close();
});

const one = 'query One($uuid: UUID!) { dtraceScript(uuid: $uuid) { uuid name metadata revision } }';
const absent = '00000000-0000-4000-8000-000000000000';

/** Bodies, or what makes them of the script's UUID. Each is sent by the admin, the lister, nobody and a bad token. */
const bodies: Readonly<Record<string, (uuid: string) => unknown>> = {
  'a query': () => ({ query: '{ viewer { name } dtraceScripts { uuid name config createdAt } }' }),
  'a query with variables': (uuid) => ({ query: one, variables: { uuid } }),
  'a query for what is not there': () => ({ query: one, variables: { uuid: absent } }),
  'a batch': (uuid) => ({
    query: 'query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { name } }',
    variables: { u: [uuid, absent, uuid] },
  }),
  'a connection': () => ({
    query: '{ dtraceScriptsConnection(first: 1) { totalCount nodes { name } pageInfo { endCursor } } }',
  }),
  'a representation': (uuid) => ({
    query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on DtraceScript { name } } }',
    variables: { r: [{ __typename: 'DtraceScript', uuid }, { __typename: 'Host' }, 3] },
  }),
  'the schema': () => ({ query: '{ __schema { queryType { name } } __typename }' }),
  'null for what may be left out': () => ({
    query: '{ viewer { name } }',
    variables: null,
    operationName: null,
  }),
  'one of two operations': () => ({
    query: 'query A { viewer { name } } query B { __typename }',
    operationName: 'B',
  }),
  'neither of two operations': () => ({ query: 'query A { __typename } query B { __typename }' }),
  'an operation that is not there': () => ({ query: 'query A { __typename }', operationName: 'C' }),
  'a mutation that is refused': () => ({
    query: 'mutation ($uuid: UUID!) { deleteDtraceScript(uuid: $uuid, ifRevision: 7) { uuid } }',
    variables: { uuid: absent },
  }),
  'a variable of another type': () => ({ query: one, variables: { uuid: 'none' } }),
  'a variable too few': () => ({ query: one }),
  'a variable too many': (uuid) => ({ query: one, variables: { uuid, more: 1 } }),
  'a list for the variables': () => ({ query: one, variables: [] }),
  'a text for the variables': () => ({ query: one, variables: '{}' }),
  'a number for the name': () => ({ query: one, operationName: 1 }),
  'a document that does not parse': () => ({ query: '{' }),
  'a document that is not valid': () => ({ query: '{ nothing }' }),
  'a document beyond a limit': () => ({ query: `{ ${'__typename '.repeat(21)} }` }),
  'what costs too much': () => ({
    query: 'query ($n: Int) { a: dtraceScripts(first: $n) { uuid name revision } }',
    variables: { n: 9_999 },
  }),
  'an empty document': () => ({ query: '' }),
  'a subscription': () => ({ query: 'subscription { viewer { name } }' }),
  extensions: () => ({ query: '{ __typename }', extensions: { a: 1 } }),
  'an unknown member': () => ({ query: '{ __typename }', id: 1 }),
  __proto__: () => '{"query":"{ __typename }","__proto__":{"variables":1}}',
  'no document': () => ({}),
  'a list': () => [{ query: '{ __typename }' }],
  'a number': () => 3,
  null: () => null,
  'half an object': () => '{"query":',
  nothing: () => '',
  'too much': () => ({ query: `{ __typename #${'x'.repeat(2000)}\n}` }),
};

it.each(Object.keys(bodies))('answers alike whichever way it takes: %s', async (name) => {
  const body = bodies[name]?.(uuid);
  for (const token of [world.tokens.admin, world.tokens.lister, null, 'dtg_bad']) {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      // A page of the gateway's own origin is the same to all rules, and goes the long way.
      const long = await send(text, token, { accept, origin: server.url });
      const short = await send(text, token, { accept });
      expect(short).toEqual(long);
    }
  }
});

async function send(body: string, token: string | null, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'same',
      ...headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const { status } = response;
  const kept = ['content-type', 'x-request-id', 'www-authenticate', 'allow'];
  return { status, headers: kept.map((name) => response.headers.get(name)), body: await response.text() };
}
