import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

/** Nearly all that Node reads of a head. What takes the square of its length takes hundreds of milliseconds. */
const length = 15_000;
const boundMs = 100;

let world: World;
let server: RunningServer;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ CORS_ORIGINS: 'https://listed.example', MAX_FAILED_SIGN_INS: '1000000' });
  uuid = await world.addScript('target');
  server = await world.listen();
});
afterAll(async () => {
  agent.destroy();
  await world.close();
});

const fill = (text: string) => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const texts = {
  'white space': `${fill(' ')}x`,
  tabs: `${fill('\t')}x`,
  commas: `${fill(', ')}x`,
  semicolons: `a/b${fill('; ')}x`,
  'a quote that stays open': `a/b;c="${fill(',')}`,
  quotes: fill('"'),
  backslashes: `a/b;c="${fill('\\')}`,
  parameters: `application/json${fill(';a=b')}`,
  'a gap behind a type': `application/json${fill(' ')}x`,
  'weighed types': fill('a/b;q=0.1,'),
  encodings: fill('gzip;q=0.1,'),
  'a token with a gap': `Bearer${fill(' ')}\x80`,
  'a token of dots': `Bearer ${fill('a.')}`,
  addresses: fill('127.0.0.1,'),
  'slashes and dots': fill('/../'),
  'question marks': fill('?#'),
  'escapes of escapes': fill('%2525'),
  digits: fill('1'),
  dashes: fill('00-'),
  ranges: `bytes=${fill('0-,')}`,
};
const names = Object.keys(texts) as (keyof typeof texts)[];

const agent = new Agent({ keepAlive: true });

function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method, path, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  });
}

/** The time until a request and a question for life beside it are answered: the least of a few tries. */
async function timeOf(sendIt: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 6 && least >= boundMs; attempt += 1) {
    const began = performance.now();
    const [status, alive] = await Promise.all([sendIt(), send('GET', '/health/live', {})]);
    expect([alive, status >= 200 && status < 500]).toEqual([200, true]);
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

const own = () => ({ authorization: `Bearer ${world.tokens.admin}` });

describe.each([
  'content-type',
  'content-encoding',
  'accept',
  'accept-encoding',
  'authorization',
  'origin',
  'sec-fetch-site',
  'access-control-request-method',
  'traceparent',
  'x-request-id',
  'x-forwarded-for',
  'forwarded',
  'if-none-match',
  'range',
  'last-event-id',
  'x-full-list',
  'x-full-list-fields',
  'host',
])('a long header %s takes no time', (name) => {
  it.each(names)('%s', async (text) => {
    const headers = { host: 'h', ...own(), 'content-type': 'application/json', [name]: texts[text] };
    expect(await timeOf(() => send('POST', '/graphql', headers, '{"query":"{__typename}"}'))).toBeLessThan(
      boundMs,
    );
    expect(await timeOf(() => send('GET', '/dtrace', headers))).toBeLessThan(boundMs);
    expect(await timeOf(() => send('GET', '/openapi.json', headers))).toBeLessThan(boundMs);
  });
});

describe.each([
  '/',
  '/api/',
  '/dtrace/',
  '/dtrace/UUID/metadata/',
  '/dtrace?full-list=true&full-list-fields=',
  '/dtrace?after=',
  '/graphql?query=',
  '/graphiql/',
])('a long address behind %s takes no time', (begin) => {
  it.each(names)('%s', async (text) => {
    const path = begin.replace('UUID', uuid) + texts[text].replace(/[\s\x80]/g, '+');
    const method = begin.includes('metadata') ? 'DELETE' : 'GET';
    expect(await timeOf(() => send(method, path, { host: 'h', ...own() }))).toBeLessThan(boundMs);
  });
});

describe('a long text in a body takes no time', () => {
  const long = (text: string) => text.repeat(60_000 / text.length);
  const write = 'mutation ($s: String, $c: JSONObject, $v: JSON!, $p: [String!]!, $u: UUID!)';
  const set = 'setDtraceScriptMetadata(uuid: $u, path: $p, value: $v) { uuid }';
  const change = 'updateDtraceScript(uuid: $u, input: {script: $s, config: $c}) { uuid }';
  const query =
    'query ($t: String, $o: String) { auditEvents(first: 1, filter: {userName: $t}) { nodes { id } } dtraceScripts(filter: {name: {contains: $t}}) { uuid } dtraceScriptsConnection(after: $o) { totalCount } }';

  it.each([
    ['white space', ' \t'],
    ['line ends', '\r\n'],
    ['words', 'a_'],
    ['placeholders', '$a$ '],
    ['quotes', '"\''],
    ['comments', '/*-- '],
    ['separators', '->'],
    ['dots and slashes', './'],
    ['controls', '\u0001\u009f'],
    ['halves of characters', '\ud800a'],
  ])('%s', async (_, piece) => {
    const text = long(piece);
    const post = (body: object) =>
      send(
        'POST',
        '/graphql',
        { host: 'h', ...own(), 'content-type': 'application/json' },
        JSON.stringify(body),
      );
    const variables = {
      u: uuid,
      n: text,
      s: text,
      v: [text],
      c: { [text]: text },
      p: [text, 'a'],
      t: text,
      o: text,
    };
    for (const body of [
      { query: `${write} { ${change} ${set} }`, variables },
      { query, variables },
      { query: `{ dtraceScripts { name } } # ${text}` },
      { query: `{ dtraceScript(uuid: ${JSON.stringify(text)}) { uuid } }` },
      { query: `{ dtraceScript(uuid: """${text.replaceAll('"', "'")}""") { uuid } }` },
      { query: `{ ${'x'.repeat(60_000)} }` },
      { query: text },
      {
        query: `mutation { updateDtraceScript(uuid: "${uuid}", input: { name: ${JSON.stringify(text)} }) { uuid } }`,
      },
      { query: '{ __typename }', operationName: text, extensions: { [text]: text } },
    ]) {
      expect(await timeOf(() => post(body))).toBeLessThan(boundMs);
    }
    const headers = { host: 'h', ...own(), 'content-type': 'application/json' };
    const put = (path: string, body: string) => send('PUT', `/dtrace/${uuid}${path}`, headers, body);
    for (const body of [text, JSON.stringify({ name: text }), JSON.stringify({ [text]: text })]) {
      expect(await timeOf(() => put('', body))).toBeLessThan(boundMs);
      expect(await timeOf(() => put('/metadata/a', body))).toBeLessThan(boundMs);
    }
  });
});
