import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';
import { errorOf, exchange, send } from './client.ts';

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ MAX_BODY_BYTES: '2048' });
  uuid = await world.addScript('n');
});
afterAll(() => world.close());

const wrong = (status: number, message: string) => ({ status, code: 'BAD_USER_INPUT', message });
const at = (path: string) => path.replace('UUID', uuid);

describe('addresses', () => {
  it.each([
    '/dtrace/nonsense',
    '/dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957',
    '/dtrace/b7c658e02ddb46dd89734a59ffc9957e',
    '/dtrace/{b7c658e0-2ddb-46dd-8973-4a59ffc9957e}',
    '/dtrace/UUID/nonsense',
    '/dtrace/UUID/metadatax',
    '/dtrace/UUID//',
    '/dtrace//UUID',
    '/api/0.1.0/dtrace/nonsense',
  ])('there is nothing at %s, signed in or not', async (path) => {
    const message = 'There is nothing at this address: is the UUID complete?';
    for (const as of ['admin', null] as const) {
      expect(errorOf(await send(world, as, 'GET', at(path)))).toEqual({
        status: 404,
        code: 'NOT_FOUND',
        message,
      });
    }
  });

  it.each([
    '/dtraces',
    '/api/dtrace',
    '/api//dtrace',
    '/api/0.1.0/x/dtrace',
    '/api/0.1.0/openapi.json',
    '/api',
  ])('%s is none of this API', async (path) => {
    const response = await world.fetch(path);
    expect([response.status, response.headers.get('vary')]).toEqual([404, null]);
  });

  it.each(['/dtrace/', '/dtrace/UUID/', '/api/0.1.0/dtrace/UUID/', '/dtrace?', '/dtrace/UUID?x=%zz#y'])(
    '%s is read as if it ended earlier',
    async (path) => {
      expect((await send(world, 'admin', 'GET', at(path))).status).toBe(200);
    },
  );
});

describe('methods', () => {
  it.each([
    ['/dtrace', ['PUT', 'DELETE', 'PATCH', 'PROPFIND'], 'GET, POST, HEAD, OPTIONS'],
    ['/dtrace/UUID', ['POST', 'PATCH'], 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/api/0.1.0/dtrace/UUID/metadata', ['GET', 'POST'], 'PUT, DELETE, OPTIONS'],
    ['/dtrace/UUID/metadata/a/b', ['GET', 'HEAD', 'POST'], 'PUT, DELETE, OPTIONS'],
    ['/openapi.json', ['POST', 'PUT', 'DELETE'], 'GET, HEAD, OPTIONS'],
  ])('%s answers 405 to %j, and OPTIONS with those there are', async (path, methods, allow) => {
    for (const method of methods) {
      const answer = await send(world, 'admin', method, at(path));
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
      if (method === 'HEAD') continue;
      expect(errorOf(answer)).toEqual(wrong(405, `There is no ${method} here, only ${allow}.`));
    }
    const options = await send(world, null, 'OPTIONS', at(path));
    expect([options.status, options.headers.get('allow'), options.body]).toEqual([204, allow, undefined]);
  });

  it.each(['/dtrace', '/api/0.1.0/dtrace/UUID', '/dtrace/UUID?first=x'])(
    'HEAD %s is GET without a body',
    async (path) => {
      const [get, head] = [
        await send(world, 'admin', 'GET', at(path)),
        await send(world, 'admin', 'HEAD', at(path)),
      ];
      expect([head.status, head.body]).toEqual([get.status, undefined]);
      for (const header of ['content-type', 'vary'])
        expect(head.headers.get(header)).toBe(get.headers.get(header));
    },
  );
});

describe('accept', () => {
  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/*',
    '*/*',
    'text/html, */*;q=0.1',
    'text/html;q=0.9, application/json;q=0.1',
    '',
  ])('"%s" is fine', async (accept) => {
    expect((await send(world, 'admin', 'GET', '/dtrace', { headers: { accept } })).status).toBe(200);
  });

  it.each([
    'text/html',
    'application/xml, text/*',
    'application/json;q=0',
    '*/*, application/json;q=0',
    'nonsense',
  ])('"%s" is answered with 406, and nothing is done', async (accept) => {
    const message = 'Answers are application/json: allow it in the header "accept".';
    const read = await send(world, 'admin', 'GET', '/dtrace', { headers: { accept } });
    const removed = await send(world, 'admin', 'DELETE', at('/dtrace/UUID'), { headers: { accept } });
    expect([errorOf(read), errorOf(removed)]).toEqual([wrong(406, message), wrong(406, message)]);
    expect((await send(world, 'admin', 'GET', at('/dtrace/UUID'))).status).toBe(200);
  });
});

describe('conditions', () => {
  it.each(['If-Match', 'If-None-Match', 'If-Unmodified-Since'])(
    '%s keeps a write from happening',
    async (header) => {
      const headers = { [header]: '*' };
      const message = `The header "${header.toLowerCase()}" is not supported here. GraphQL's "ifRevision" guards a write.`;
      const edited = await send(world, 'admin', 'PUT', at('/dtrace/UUID'), {
        headers,
        body: { name: 'changed' },
      });
      const removed = await send(world, 'admin', 'DELETE', at('/dtrace/UUID'), { headers });
      expect([errorOf(edited), errorOf(removed)]).toEqual([wrong(412, message), wrong(412, message)]);
      expect((await send(world, 'admin', 'GET', at('/dtrace/UUID'), { headers })).body.name).toBe('n');
      expect((await send(world, 'admin', 'HEAD', at('/dtrace/UUID'), { headers })).status).toBe(200);
    },
  );
});

describe('bodies', () => {
  const body = '{"name":"n"}';
  const put = (request: { body?: string; headers?: Record<string, string> }) =>
    send(world, 'admin', 'PUT', at('/dtrace/UUID'), request);

  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])(
    'may be %s',
    async (type) => {
      expect((await put({ body, headers: { 'content-type': type } })).status).toBe(204);
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/x-msgpack',
    'application/json; charset=latin1',
    'application/jsonx',
  ])('may not be %s', async (type) => {
    expect(errorOf(await put({ body, headers: { 'content-type': type } }))).toEqual(
      wrong(415, `Send the header "content-type: application/json": not "${type}".`),
    );
  });

  it('may not be compressed', async () => {
    expect(errorOf(await put({ body, headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });

  it.each([
    ['', 'it is empty; a JSON object is expected.'],
    ['  \n', 'it is empty; a JSON object is expected.'],
    ['[]', 'it must be a JSON object, not an array.'],
    ['null', 'it must be a JSON object, not null.'],
    ['"text"', 'it must be a JSON object, not a string.'],
    ['1', 'it must be a JSON object, not a number.'],
    ['{', /^it is not JSON: /],
    ["{'name': 'n'}", /^it is not JSON: /],
    ['{"name": "n"} {}', /^it is not JSON: /],
  ])('may not be %j', async (text, reason) => {
    const error = errorOf(await put({ body: text, headers: { 'content-type': 'application/json' } }));
    expect(error).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(error.message).toMatch(/^Argument "body": /);
    expect(error.message.slice('Argument "body": '.length)).toMatch(reason);
  });

  it('may nest deeply without hurting anyone', async () => {
    const nested = `{"config":${'{"a":'.repeat(300)}1${'}'.repeat(301)}`;
    expect(errorOf(await put({ body: nested, headers: {} })).message).toMatch(/nested too deeply/);
  });
});

describe('over a real connection', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await createGateway(world.store, world.config).listen('127.0.0.1', 0);
  });
  afterAll(() => server.stop(0));

  const head = (path: string, ...lines: string[]) =>
    [
      `${path === '/graphql' ? 'POST' : 'PUT'} ${at(path)} HTTP/1.1`,
      'host: gateway',
      'x-request-id: r',
      `authorization: Bearer ${world.tokens.admin}`,
      'content-type: application/json',
      ...lines,
      '\r\n',
    ].join('\r\n');
  const padded = (bytes: number) => `{"name":"n"${' '.repeat(bytes - 12)}}`;
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const message = 'The body of the request is too large: 2048 bytes are allowed.';

  it('takes a body of the very limit', async () => {
    const text = padded(2048);
    for (const sent of [
      [head('/dtrace/UUID', 'content-length: 2048'), text],
      [head('/dtrace/UUID', 'transfer-encoding: chunked'), chunk(text), chunk('')],
    ]) {
      expect((await exchange(server.url, ...sent)).statusLine).toBe('HTTP/1.1 204 No Content');
    }
  });

  describe.each([
    ['/dtrace/UUID', { error: { code: 'BAD_USER_INPUT', message, requestId: 'r' } }],
    ['/graphql', { errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId: 'r' } }] }],
  ])('refuses for %s with 413', (path, expected) => {
    it.each([
      ['a body that is announced as too large, before it comes', ['content-length: 2049'], []],
      ['a body that turns out too large', ['transfer-encoding: chunked'], [chunk(padded(2049)), chunk('')]],
      [
        'a body without an end in sight',
        ['transfer-encoding: chunked'],
        [chunk(padded(2049)), chunk('x'.repeat(9999))],
      ],
      [
        'a huge body that is sent to its end',
        ['content-length: 8000000'],
        Array.from({ length: 8 }, () => 'x'.repeat(1_000_000)),
      ],
      [
        'a huge body in chunks that is sent to its end',
        ['transfer-encoding: chunked'],
        [...Array.from({ length: 8 }, () => chunk('x'.repeat(1_000_000))), chunk('')],
      ],
    ])('%s', async (_, lines, chunks) => {
      const answer = await exchange(server.url, head(path, ...lines), ...chunks);
      expect(answer.statusLine).toBe('HTTP/1.1 413 Payload Too Large');
      expect(JSON.parse(answer.body)).toEqual(expected);
    });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('{"name":"\xff"}', 'latin1');
    const { statusLine, body } = await exchange(
      server.url,
      head('/dtrace/UUID', `content-length: ${bytes.length}`),
      bytes,
    );
    expect(statusLine).toBe('HTTP/1.1 400 Bad Request');
    expect(JSON.parse(body).error.message).toBe('Argument "body": it is not UTF-8.');
  });

  it('outlives a client that hangs up in the middle of its body', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`${head('/dtrace/UUID', 'content-length: 100')}{"name":`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await send(world, 'admin', 'GET', '/dtrace')).status).toBe(200);
  });
});
