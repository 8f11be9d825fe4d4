import fc from 'fast-check';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { createWorld, type GraphqlAnswer, sendOperation, type World } from '../support/world.ts';

const fields = 'uuid name script config metadata revision createdAt updatedAt';

let world: World;
/** Asks of a gateway that refuses every cost, and says what it would be. */
let askPrice: ReturnType<typeof asker>;
const uuids: string[] = [];
beforeAll(async () => {
  world = await createWorld();
  askPrice = asker({ maxCost: 1 });
  for (let index = 0; index < 4; index++) uuids.push(await world.addScript(`script ${index}`));
});
afterAll(() => world.close());

/** Asks as the admin, of a gateway whose limits are others than the world's. */
function asker(limits: Partial<Config['limits']>) {
  const gateway = createGateway(world.store, {
    ...world.config,
    limits: { ...world.config.limits, ...limits },
  });
  return (query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> =>
    sendOperation(async (init) => fetchFrom(gateway)('/graphql', init), world.tokens.admin, query, variables);
}

const messagesOf = ({ errors }: GraphqlAnswer) => errors.map(({ message }) => message);

describe('a document beyond a limit is refused, with the limit, what it has, and what to do', () => {
  const repeat = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join(' ');

  it.each([
    [
      'tokens',
      `{ viewer { ${repeat(2_000, () => 'name')} } }`,
      'Syntax Error: The document has more than 2000 tokens. Send values as variables, or several requests (MAX_DOCUMENT_TOKENS).',
    ],
    [
      'levels',
      `{ __type(name: "Query") { ${'ofType { '.repeat(11)}name${' }'.repeat(11)} } }`,
      'Query depth limit of 10 exceeded, found 13. Ask for fewer levels (MAX_DOCUMENT_DEPTH).',
    ],
    [
      'aliases, of fragments for each use',
      `{ viewer { ...some ...some } a: viewer { id } }
       fragment some on Viewer { ${repeat(15, (index) => `a${index}: name`)} }`,
      'Aliases limit of 30 exceeded, found 31. Ask for a list, or send several requests (MAX_ALIASES).',
    ],
    [
      'directives',
      `{ viewer { ${repeat(21, (index) => `a${index}: name @skip(if: false)`)} } }`,
      'Directives limit of 20 exceeded, found 21. Leave some out, or send several requests (MAX_DIRECTIVES).',
    ],
    [
      'root fields, of fragments for each use',
      `{ ...some ...some ... { __typename } } fragment some on Query { ${repeat(10, () => '__typename')} }`,
      'Root fields limit of 20 exceeded, found 21. Send several requests (MAX_ROOT_FIELDS).',
    ],
  ])('%s', async (_, document, message) => {
    const answer = await world.ask('admin', document);
    expect([answer.status, messagesOf(answer)]).toEqual([400, [message]]);
    expect(answer.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('what a request costs', () => {
  const costsOf = async (query: string, variables?: Readonly<Record<string, unknown>>) => {
    const [message = ''] = messagesOf(await askPrice(query, variables));
    return Number(/^The request costs (\d+), and at most 1 is allowed \(MAX_COST\)/.exec(message)?.[1]);
  };

  it.each([
    ['a page of 100 with all fields', `{ dtraceScripts(first: 100) { ${fields} } }`, 801],
    ['a list that does not say how long it is', `{ dtraceScripts { ${fields} } }`, 8_001],
    [
      'a page of a connection',
      `{ dtraceScriptsConnection(first: 100) { nodes { ${fields} } totalCount } }`,
      1_100,
    ],
    ['a negative length', '{ dtraceScripts(first: -1000) { uuid } viewer { name } }', 3],
    [
      'each condition on metadata',
      '{ dtraceScripts(first: 100, filter: { metadata: [{path: ["a"], isSet: true}, {path: ["b"], equals: 1}] }) { uuid } }',
      101 + 2 * 500,
    ],
    [
      'a part of a name, which is looked for in all',
      '{ dtraceScripts(first: 100, filter: { name: { contains: "a" } }) { uuid } }',
      101 + 500,
    ],
    ['a write', `mutation { deleteDtraceScript(uuid: "${crypto.randomUUID()}") { uuid } }`, 101],
  ])('%s', async (_, query, cost) => {
    expect(await costsOf(query)).toBe(cost);
  });

  it('goes by variables, their defaults, and @skip', async () => {
    const page =
      'query ($n: Int = 10, $brief: Boolean! = false) { dtraceScripts(first: $n) { uuid name @skip(if: $brief) } }';
    const costs = [{}, { n: 20 }, { n: 20, brief: true }, { n: null }, { n: 10 }].map((variables) =>
      costsOf(page, variables),
    );
    expect(await Promise.all(costs)).toEqual([21, 41, 21, 2_001, 21]);
    const many =
      'query ($u: [UUID!]!, $e: [_Any!]!) { dtraceScriptsByUuid(uuids: $u) { uuid } _entities(representations: $e) { __typename } }';
    // One for each field, and five for each element, which may be refused by itself.
    expect(await costsOf(many, { u: [...uuids, ...uuids], e: [{}, {}, {}] })).toBe(1 + 8 * 6 + 1 + 3 * 6);
  });

  it('is refused by default for a hundred such pages, however they are asked for', async () => {
    const page = `dtraceScripts(first: 100) { ${fields} }`;
    const pages = Array.from({ length: 100 }, (_, index) => `p${index}: ${page}`).join(' ');
    const ask = asker({ maxAliases: 100, maxRootFields: 100 });
    expect(messagesOf(await ask(`{ ${pages} }`))).toEqual([
      'The request costs 80100, and at most 20000 is allowed (MAX_COST): about 1 for each field of each script that it can answer. Give lists a smaller "first", or ask for fewer fields.',
    ]);
    expect((await ask(`{ ${page} }`)).errors).toEqual([]);
  });

  it('is refused by default for what would take seconds, however short the request', async () => {
    const conditions = Array.from({ length: 20 }, () => ({ path: ['a'], isSet: true }));
    const searches = Array.from(
      { length: 20 },
      (_, index) => `a${index}: dtraceScripts(first: 1, filter: $f) { uuid }`,
    );
    const names = Array.from({ length: 30 }, (_, index) => `a${index}: script`).join(' ');
    const batch = `query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { ${names} } }`;
    const refusals = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    for (const [query, variables] of [
      [`query ($f: DtraceScriptFilter) { ${searches.join(' ')} }`, { f: { metadata: conditions } }],
      [batch, { u: Array.from({ length: 660 }, () => uuids[0]) }],
      [refusals, { r: Array.from({ length: 19_000 }, () => ({})) }],
    ] as const) {
      const [message] = messagesOf(await world.ask('admin', query, variables));
      expect(message).toMatch(
        /^The request costs \d+, and at most 20000 is allowed \(MAX_COST\)|^Argument "representations": it has 19000 /,
      );
    }
  });

  it('is refused when fragments that spread each other twice would take an age to count', async () => {
    const spread = Array.from(
      { length: 60 },
      (_, index) => `fragment f${index} on Viewer { ...f${index + 1} ...f${index + 1} }`,
    ).join(' ');
    const answer = await world.ask('admin', `{ viewer { ...f0 } } ${spread} fragment f60 on Viewer { name }`);
    expect(messagesOf(answer)[0]).toMatch(/^With its fragments spread, the operation has too many fields\./);
  });

  it('is left to the variables to be wrong', async () => {
    const query = 'query ($n: Int!) { dtraceScripts(first: $n) { uuid } }';
    expect(messagesOf(await world.ask('admin', query, { n: 'x' }))[0]).toMatch(/^Variable "\$n" got invalid/);
    expect(messagesOf(await world.ask('admin', query))[0]).toMatch(/^Variable "\$n" of required type/);
    const nullable = 'query ($u: [UUID!] = []) { dtraceScriptsByUuid(uuids: $u) { uuid } }';
    expect(messagesOf(await world.ask('admin', nullable, { u: null }))[0]).toMatch(/must not be null/);
  });

  it('is never less than the number of script fields in the answer', async () => {
    const names = fields.split(' ');
    const selection = fc.subarray(names, { minLength: 1 }).map((chosen) => chosen.join(' '));
    const first = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });
    const argument = (count: number | undefined) => (count === undefined ? '' : `(first: ${count})`);
    const field = fc.oneof(
      fc.tuple(first, selection).map(([count, of]) => `dtraceScripts${argument(count)} { ${of} }`),
      fc
        .tuple(first, selection, selection)
        .map(
          ([count, of, other]) =>
            `dtraceScriptsConnection${argument(count)} { nodes { ${of} } edges { node { ...on DtraceScript { ${other} } } } }`,
        ),
      fc
        .tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), selection)
        .map(
          ([chosen, of]) =>
            `dtraceScriptsByUuid(uuids: ${JSON.stringify(chosen.map((index) => uuids[index]))}) { ${of} }`,
        ),
      selection.map((of) => `dtraceScript(uuid: "${uuids[0]}") { ${of} }`),
    );
    const documents = fc
      .array(field, { minLength: 1, maxLength: 4 })
      .map((chosen) => `{ ${chosen.map((of, index) => `a${index}: ${of}`).join(' ')} }`);
    const ask = asker({ maxCost: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const { data, errors } = await ask(document);
        expect(errors).toEqual([]);
        expect(await costsOf(document)).toBeGreaterThanOrEqual(scriptFieldsIn(data));
      }),
      { numRuns: 50 },
    );

    function scriptFieldsIn(value: unknown): number {
      if (Array.isArray(value)) return value.reduce((sum, element) => sum + scriptFieldsIn(element), 0);
      if (typeof value !== 'object' || value === null) return 0;
      return Object.entries(value).reduce(
        (sum, [name, inner]) => sum + (names.includes(name) ? 1 : scriptFieldsIn(inner)),
        0,
      );
    }
  });
});

it('tools may ask for the whole schema', async () => {
  const everything = {
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  const answer = await world.ask(null, getIntrospectionQuery(everything));
  expect(answer.errors).toEqual([]);
  expect(answer.data.__schema.types.length).toBeGreaterThan(20);
});

describe('INTROSPECTION=off', () => {
  it.each([
    ['fields', '{ view { name } }', {}],
    ['enum values', '{ dtraceScripts(orderBy: { field: NAM }) { uuid } }', {}],
    [
      'what variables hold',
      'query ($o: DtraceScriptOrder) { dtraceScripts(orderBy: $o) { uuid } }',
      { o: { fiel: 1 } },
    ],
  ])('suggests no %s', async (_, query, variables) => {
    const ask = (introspection: boolean) => {
      const gateway = createGateway(world.store, { ...world.config, introspection });
      return sendOperation(
        async (init) => fetchFrom(gateway)('/graphql', init),
        world.tokens.admin,
        query,
        variables,
      );
    };
    expect(messagesOf(await ask(true)).join()).toContain('Did you mean');
    expect(messagesOf(await ask(false)).join()).not.toContain('Did you mean');
  });
});

describe('MAX_OPERATIONS', () => {
  const batchOf = async (maxOperations: number, operations: readonly unknown[], maxCost = 20_000) => {
    const limits = { ...world.config.limits, maxOperations, maxCost };
    const response = await fetchFrom(createGateway(world.store, { ...world.config, limits }))('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operations),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
    return { status: response.status, body: (await response.json()) as any };
  };
  const operation = { query: '{ viewer { name } __typename }' };

  it('lets so many operations into one request, each with an answer of its own', async () => {
    const { status, body } = await batchOf(2, [operation, { query: '{ nonsense }' }]);
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { data: { viewer: null } },
      { errors: [{ message: expect.stringContaining('nonsense'), extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  });

  it.each([
    [[], 'An array must hold 1 to 2 operations (MAX_OPERATIONS), not 0.'],
    [[operation, operation, operation], 'An array must hold 1 to 2 operations (MAX_OPERATIONS), not 3.'],
    [[operation, null], 'Element 1 of the array is no object.'],
  ])('refuses %j as a whole', async (operations, message) => {
    const { status, body } = await batchOf(2, operations);
    expect([status, body]).toMatchObject([400, { errors: [{ message }] }]);
  });

  it('has them share what one request may cost', async () => {
    const { body } = await batchOf(3, [operation, operation, operation], 7);
    const refused = body.filter((answer: object) => !('data' in answer));
    expect(refused).toMatchObject([
      { errors: [{ message: expect.stringMatching(/^The request costs 9,/) }] },
    ]);
  });
});
