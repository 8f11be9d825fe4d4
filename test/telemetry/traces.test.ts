import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { runCommand, type Server, startServer } from '../support/process.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number };
}

/** What a collector is sent as JSON. */
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: Pick<Span, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const received: { headers: IncomingHttpHeaders; path: string; body: Export }[] = [];
let collector: HttpServer;
let database: TestDatabase;
let server: Server;
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const { headers, url = '' } = request;
    received.push({ headers, path: url, body: (await json(request)) as Export });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  database = await createDatabase();
  server = await startServer({
    DATABASE_URL: database.url,
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector',
    OTEL_SERVICE_NAME: 'my-gateway',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
});
afterAll(async () => {
  collector.closeAllConnections();
  collector.close();
  await database.drop();
});

const spans = () =>
  received.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );

function attributesOf({ attributes }: Pick<Span, 'attributes'>): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = 'b7ad6b7169203331';

it('follow a request from its caller to the statements of the database, without a value of theirs', async () => {
  const query = 'mutation Make($i: CreateDtraceScriptInput!) { createDtraceScript(input: $i) { uuid } }';
  const answer = await fetch(`${server.url}/graphql?x=hidden`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.adminToken}`,
      'x-request-id': 'traced',
      traceparent: `00-${traceId}-${caller}-01`,
    },
    body: JSON.stringify({ query, variables: { i: { name: 'hidden name', script: 'hidden source' } } }),
  });
  expect(await answer.json()).toHaveProperty('data.createDtraceScript.uuid');
  const ofTrace = () => spans().filter((span) => span.traceId === traceId);
  await expect.poll(() => ofTrace().map(({ name }) => name)).toContain('POST /graphql');

  const request = ofTrace().find(({ name }) => name === 'POST /graphql') as Span;
  expect(request).toMatchObject({ parentSpanId: caller, kind: 2 });
  expect(attributesOf(request)).toEqual({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'http.response.status_code': 200,
    'url.path': '/graphql',
    'dtrace_gateway.request_id': 'traced',
  });
  const operation = ofTrace().find(({ name }) => name === 'mutation') as Span;
  expect(operation).toMatchObject({ parentSpanId: request.spanId });
  expect(attributesOf(operation)).toEqual({
    'graphql.operation.type': 'mutation',
    'graphql.operation.name': 'Make',
  });
  const statements = ofTrace().filter(({ kind }) => kind === 3);
  const textsBelow = ({ spanId }: Span) =>
    statements
      .filter(({ parentSpanId }) => parentSpanId === spanId)
      .map((span) => {
        expect(attributesOf(span)).toMatchObject({ 'db.system.name': provider });
        return String(attributesOf(span)['db.query.text']);
      });
  expect(textsBelow(request)).toContainEqual(expect.stringMatching(/FROM "tokens"/));
  expect(textsBelow(operation)).toContainEqual(expect.stringMatching(/UPDATE "users"/));

  expect(JSON.stringify(received)).not.toMatch(/hidden|dtg_/);
  const [first] = received;
  expect(first).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'collector' } });
  expect(attributesOf(first?.body.resourceSpans[0]?.resource ?? { attributes: [] })).toMatchObject({
    'service.name': 'my-gateway',
  });
});

it('are named in the log lines of their requests', async () => {
  const entries = () =>
    server
      .stderr()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ requestId }) => requestId === 'traced');
  await expect.poll(() => entries().map(({ event }) => event)).toEqual(['operation', 'request']);
  for (const entry of entries()) expect(entry).toMatchObject({ traceId, spanId: expect.any(String) });
});

it('cover REST, leave out probes, and obey a caller who is not sampled', async () => {
  const send = (path: string, headers = {}) =>
    fetch(server.url + path, { headers: { authorization: `Bearer ${server.adminToken}`, ...headers } });
  const before = spans().length;
  expect((await send('/health/ready')).status).toBe(200);
  expect((await send('/dtrace', { traceparent: `00-${'1'.repeat(32)}-${caller}-00` })).status).toBe(200);
  expect((await send('/dtrace')).status).toBe(200);
  await expect
    .poll(() =>
      spans()
        .slice(before)
        .map(({ name }) => name),
    )
    .toContain('GET /dtrace');
  const names = spans()
    .slice(before)
    .map(({ name }) => name);
  expect(names.filter((name) => name !== 'SELECT')).toEqual(['GET /dtrace']);
});

it('that wait when the server stops are sent, and a collector that has died holds nothing up', async () => {
  collector.closeAllConnections();
  collector.close();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.ask(server.adminToken ?? null, '{ viewer { name } }')),
  );
  for (const { errors } of answers) expect(errors).toEqual([]);
  await expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain('"event":"tracing-failed"');
  const began = Date.now();
  const { code, stderr } = await server.stop();
  expect(code).toBe(0);
  expect(Date.now() - began).toBeLessThan(6000);
  expect(stderr.split('"event":"tracing-failed"')).toHaveLength(2);
});

it.runIf(provider === 'sqlite')('to a place that cannot be are refused at the start', async () => {
  const { code, stderr } = await runCommand(['serve'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL must be http/json: traces are sent over HTTP, usually to port 4318, not "grpc".\n',
  );
});
