import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, sendOperation, type World } from '../support/world.ts';

const named = 'query Name($uuid: UUID!) { dtraceScript(uuid: $uuid) { name } }';
const hash = (document: string) => createHash('sha256').update(document).digest('hex');

let world: World;
let folder: string;
let uuid: string;
beforeAll(async () => {
  world = await createWorld();
  uuid = await world.addScript('registered');
  folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-documents-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await world.close();
});

/** Sends parameters to a gateway as the admin, in a body or, with GET, in the address. */
async function send(
  gateway: HttpServer,
  params: Readonly<Record<string, unknown>> | readonly unknown[],
  method = 'POST',
) {
  const texts = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const query = method === 'GET' ? `?${new URLSearchParams(Object.fromEntries(texts))}` : '';
  const response = await fetchFrom(gateway)(`/graphql${query}`, {
    method,
    headers: { authorization: `Bearer ${world.tokens.admin}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(params) }),
  });
  return { status: response.status, body: await response.json() };
}

const persistedQuery = (document: string) => ({ persistedQuery: { version: 1, sha256Hash: hash(document) } });
const found = { status: 200, body: { data: { dtraceScript: { name: 'registered' } } } };

describe('with PERSISTED_DOCUMENTS', () => {
  const withFile = async (contents: string) => {
    const persistedDocuments = join(folder, 'documents.json');
    await writeFile(persistedDocuments, contents);
    return createGateway(world.store, { ...world.config, persistedDocuments });
  };
  let gateway: HttpServer;
  beforeAll(async () => {
    gateway = await withFile(
      JSON.stringify({
        [hash(named)]: named,
        mutate: 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { uuid } }',
      }),
    );
  });

  it('a registered document runs by its id, in each form that clients know', async () => {
    const variables = { uuid };
    for (const params of [
      { documentId: hash(named), variables },
      { documentId: `sha256:${hash(named)}`, variables },
      { extensions: persistedQuery(named), variables },
    ]) {
      expect(await send(gateway, params)).toEqual(found);
      expect(await send(gateway, params, 'GET')).toEqual(found);
    }
  });

  it('a mutation by its id still takes POST', async () => {
    const { body } = await send(gateway, { documentId: 'mutate' }, 'GET');
    expect(body).toMatchObject({ errors: [{ message: expect.stringContaining('POST') }] });
  });

  const only = /^This server runs registered documents only \(PERSISTED_DOCUMENTS\): send the "documentId"/;
  const unknown = /^No document is registered under this id/;
  it.each([
    ['another document', { query: '{ __typename }' }, only],
    ['a document that is registered, with a space more', { query: `${named} ` }, only],
    ['a document beside an id', { query: '{ __typename }', documentId: 'mutate' }, only],
    ['neither', {}, only],
    ['an id that is no text', { documentId: { a: 1 } }, only],
    ['an unknown id', { documentId: 'x' }, unknown],
    ['a property of every object', { documentId: '__proto__' }, unknown],
    ['an unknown hash', { extensions: persistedQuery('{ __typename }') }, unknown],
  ])('%s is refused', async (_, params, message) => {
    const { status, body } = await send(gateway, params);
    expect([status, body]).toMatchObject([
      400,
      { errors: [{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
    expect(body).not.toHaveProperty('data');
  });

  it('a registered document may be sent, and no other', async () => {
    const ask = (query: string) =>
      sendOperation((init) => fetchFrom(gateway)('/graphql', init), world.tokens.admin, query, { uuid });
    expect((await ask(named)).data).toEqual(found.body.data);
    expect(await send(gateway, { query: named, variables: { uuid } })).toEqual(found);
    const { status, errors, data } = await ask('{ __typename }');
    expect([status, errors[0]?.message, data]).toEqual([400, expect.stringMatching(only), undefined]);
  });

  it("GraphiQL's page does without introspection, which would be refused", async () => {
    const page = await fetchFrom(gateway)('/graphql', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('data-introspection="off"');
  });

  it.each([
    ['that is no JSON', '{', [/not valid JSON|JSON at position/]],
    ['without an object', '[]', [/: it must hold a JSON object of documents by id\.$/]],
    ['without a document', '{}', [/: it holds no document\.$/]],
    [
      'with documents that would be refused, naming each',
      JSON.stringify({
        good: named,
        odd: 1,
        broken: '{',
        typo: '{ viewr { name } }',
        many: `{ ${'__typename '.repeat(21)} }`,
      }),
      [
        /: "odd": the document must be a text\.$/,
        /: "broken": Syntax Error/,
        /: "typo": Cannot query field "viewr"/,
        /: "many": Root fields limit of 20 exceeded, found 21\./,
      ],
    ],
  ])('a file %s stops the start', async (_, contents, mistakes) => {
    const error = await withFile(contents).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).mistakes).toEqual(
      mistakes.map((mistake) => expect.stringMatching(mistake)),
    );
  });

  it('a file that is not there stops the start', () => {
    const persistedDocuments = join(folder, 'nowhere.json');
    expect(() => createGateway(world.store, { ...world.config, persistedDocuments })).toThrow(
      /^PERSISTED_DOCUMENTS, .*nowhere\.json: ENOENT/,
    );
  });
});

describe('with AUTOMATIC_PERSISTED_QUERIES', () => {
  let gateway: HttpServer;
  beforeAll(() => {
    gateway = createGateway(world.store, { ...world.config, automaticPersistedQueries: true });
  });

  it('a hash is enough once its document has come along, as Apollo has it', async () => {
    const byHash = { extensions: persistedQuery(named), variables: { uuid } };
    const notFound = {
      status: 200,
      body: {
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      },
    };
    expect(await send(gateway, byHash)).toMatchObject(notFound);
    expect(await send(gateway, { ...byHash, query: named })).toEqual(found);
    expect(await send(gateway, byHash)).toEqual(found);
    expect(await send(gateway, byHash, 'GET')).toEqual(found);
  });

  it('a document under the hash of another is refused, and not remembered', async () => {
    const { status, body } = await send(gateway, {
      query: '{ __typename }',
      extensions: persistedQuery('{ viewer { name } }'),
    });
    expect([status, body]).toMatchObject([
      400,
      { errors: [{ message: expect.stringMatching(/^The "sha256Hash" is not/) }] },
    ]);
    expect(
      (await send(gateway, { extensions: persistedQuery('{ viewer { name } }') })).body,
    ).not.toHaveProperty('data');
  });

  it('documents of great length make room for others', async () => {
    const long = (index: number) => `{ __typename } # ${index} ${'x'.repeat(300_000)}`;
    for (let index = 0; index < 5; index++) {
      const query = long(index);
      expect((await send(gateway, { query, extensions: persistedQuery(query) })).status).toBe(200);
    }
    expect((await send(gateway, { extensions: persistedQuery(long(0)) })).body).not.toHaveProperty('data');
    expect((await send(gateway, { extensions: persistedQuery(long(4)) })).body).toHaveProperty('data');
  });

  it('documents as they are run as ever', async () => {
    expect(await send(gateway, { query: named, variables: { uuid } })).toEqual(found);
  });
});
