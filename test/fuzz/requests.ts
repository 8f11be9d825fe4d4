import fc from 'fast-check';
import { brokenDocuments, operations } from './documents.ts';
import { anyText } from './texts.ts';

/** A request, less who sends it. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

const json = { 'content-type': 'application/json' };

/** GraphQL by POST and GET, sound and unsound, and REST. */
export function requests(uuids: readonly string[]): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    { weight: 6, arbitrary: posts(operations(uuids)) },
    { weight: 2, arbitrary: posts(brokenDocuments(uuids).map((query) => ({ query }))) },
    { weight: 1, arbitrary: gets(operations(uuids)) },
    { weight: 1, arbitrary: posts(fc.oneof(fc.jsonValue(), fc.array(operations(uuids), { maxLength: 3 }))) },
    { weight: 1, arbitrary: rawPosts },
    { weight: 4, arbitrary: rest(uuids) },
  );
}

function posts(bodies: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzRequest> {
  return fc.tuple(bodies, headers).map(([body, more]) => ({
    method: 'POST',
    path: '/graphql',
    headers: { ...json, ...more },
    body: JSON.stringify(body),
  }));
}

function gets(sent: fc.Arbitrary<{ query: string; variables: unknown }>): fc.Arbitrary<FuzzRequest> {
  return fc.tuple(sent, headers).map(([{ query, variables }, more]) => {
    const parameters = new URLSearchParams({
      query: query.toWellFormed(),
      variables: JSON.stringify(variables),
    });
    return { method: 'GET', path: `/graphql?${parameters}`, headers: more, body: undefined };
  });
}

const rawPosts: fc.Arbitrary<FuzzRequest> = fc
  .tuple(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(
      'application/json',
      'application/graphql+json',
      'text/plain',
      'multipart/form-data',
      'x/y',
    ),
    fc.constantFrom(
      '/graphql',
      '/graphql/',
      '/',
      '/health/ready',
      '/metrics',
      '/nowhere',
      '/graphql?query=%7B',
    ),
    fc.constantFrom('POST', 'PUT', 'PATCH', 'OPTIONS', 'DELETE'),
  )
  .map(([body, type, path, method]) => ({
    method,
    path,
    headers: { 'content-type': type },
    body: Buffer.from(body),
  }));

function rest(uuids: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const segment = fc
    .oneof(anyText, fc.constantFrom(...uuids))
    .map((text) => encodeURIComponent(text.toWellFormed()));
  const script = fc.tuple(fc.constantFrom(...uuids), fc.array(segment, { maxLength: 3 }));
  const path = fc.oneof(
    fc.constant('/dtrace'),
    script.map(([uuid]) => `/dtrace/${uuid}`),
    script.map(([uuid, keys]) => `/dtrace/${[uuid, 'metadata', ...keys].join('/')}`),
    fc.array(segment, { maxLength: 3 }).map((segments) => `/dtrace/${segments.join('/')}`),
  );
  const prefix = fc.constantFrom('', '/api/0.1.0', '/api/..', '/api/x');
  const query = fc.constantFrom(
    '',
    '?full-list=true',
    '?full-list-fields=uuid,name,script',
    '?first=2',
    '?first=x',
  );
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(anyText, fc.jsonValue(), { maxKeys: 3 }));
  return fc
    .tuple(
      fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      prefix,
      path,
      query,
      body,
      headers,
    )
    .map(([method, start, middle, end, sent, more]) => ({
      method,
      path: start + middle + end,
      headers: { ...json, ...more },
      body: method === 'GET' ? undefined : JSON.stringify(sent),
    }));
}

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record(
    {
      accept: fc.constantFrom(
        'application/json',
        'application/graphql-response+json',
        '*/*',
        'text/html',
        'image/png;q=0.1, application/json;q=0',
      ),
      'x-request-id': fc.constantFrom('mine', 'a b', '"', 'x'.repeat(300)),
      'x-forwarded-for': fc.constantFrom('1.2.3.4', 'unknown', '::1, 10.0.0.1'),
      origin: fc.constantFrom('http://elsewhere.example', 'null', 'x'),
      'accept-encoding': fc.constantFrom('gzip', 'br', 'gzip, deflate, br', 'identity;q=0'),
      'x-full-list': fc.constantFrom('true', 'false', 'maybe'),
      'x-full-list-fields': fc.constantFrom('uuid,name', 'script', 'secret', ','),
      'if-match': fc.constant('"1"'),
    },
    { requiredKeys: [] },
  )
  .chain((all) =>
    fc
      .subarray(Object.entries(all), { maxLength: Math.min(2, Object.keys(all).length) })
      .map(Object.fromEntries),
  );
