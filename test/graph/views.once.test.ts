import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { getDirective } from '@graphql-tools/utils';
import { buildSchema, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireScopes } from '../../examples/federation/requires-scopes.ts';
import { printFederationSdl, printStitchingSdl } from '../../src/schema/gateway-sdl.ts';
import { createSchema, printSdl } from '../../src/schema/schema.ts';
import { codesOf, createWorld, type World } from '../support/world.ts';

const schema = createSchema();
const stitching = printStitchingSdl(schema);
const federation = printFederationSdl(schema);

/** A subgraph of another team's, with a Relay connection of its own. */
const neighbour = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])
  scalar UUID
  type Query { hosts(first: Int): HostConnection! }
  type Host @key(fields: "uuid") { uuid: UUID!  scripts: [DtraceScript!]! }
  type DtraceScript @key(fields: "uuid") { uuid: UUID!  hosts: [Host!]! }
  type HostConnection { nodes: [Host!]!  pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
`;

function compose(sdl: string, other = neighbour) {
  const { supergraphSdl, errors } = composeServices([
    { name: 'dtrace', url: 'http://dtrace.example/graphql', typeDefs: parse(sdl) },
    { name: 'hosts', url: 'http://hosts.example/graphql', typeDefs: parse(other) },
  ]);
  return { supergraph: supergraphSdl ?? '', errors: (errors ?? []).map(({ message }) => message) };
}

it.each([
  ['schema.stitching.graphql', stitching],
  ['schema.federation.graphql', federation],
])('has the view of %s in that file', (name, sdl) => {
  const file = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  expect(file, `${name} is not what the code says. Run \`npm run schema\` and review the change.`).toBe(sdl);
});

describe('the stitching view', () => {
  it('is read by plain buildSchema, and knows nothing of federation', () => {
    const read = buildSchema(stitching);
    expect(read.getDirectives().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['merge', 'permission']),
    );
    expect(stitching).not.toMatch(
      /@(key|link|shareable|composeDirective|tag)\b|\b_(service|entities|Any|Entity|sdl)\b/i,
    );
  });

  it('says how a script is merged', () => {
    const read = buildSchema(stitching);
    const field = read.getQueryType()?.getFields().dtraceScriptsByUuid;
    expect(getDirective(read, field as never, 'merge')).toEqual([{ keyField: 'uuid', keyArg: 'uuids' }]);
  });
});

describe('the federation view', () => {
  it('knows nothing of stitching', () => {
    expect(federation).not.toMatch(
      /@(merge|computed|canonical)\b|selectionSet|\b_(service|entities|Any|Entity|sdl)\b/i,
    );
  });

  it('composes with another subgraph that extends the script, and has a connection of its own', () => {
    const { supergraph, errors } = compose(federation);
    expect(errors).toEqual([]);
    expect(supergraph).toContain('type DtraceScript');
  });

  it('does not compose with a key of another type: the composition would tell', () => {
    expect(
      compose(
        federation,
        neighbour.replace(
          'DtraceScript @key(fields: "uuid") { uuid: UUID!',
          'DtraceScript @key(fields: "uuid") { uuid: ID!',
        ),
      ).errors.join(),
    ).toMatch(/uuid/);
  });

  it('repeats its permissions in what routers enforce, and still composes', () => {
    const sdl = requireScopes(federation);
    const { supergraph, errors } = compose(sdl);
    expect(errors).toEqual([]);
    expect(supergraph).toContain('@requiresScopes(scopes: [["cloud->dtrace->list"]])');
    expect(supergraph).toContain('@requiresScopes(scopes: [["cloud->dtrace->create"]])');
    expect(supergraph).not.toMatch(/@requiresScopes\([^)]*\$/);
    const field = supergraph.match(/ {2}dtraceScript\(.*?\n(?= {2}"""| {2}\w)/s)?.[0];
    expect(field).toContain('@permission(require: ["dtrace->$uuid->get"])');
    expect(field).toContain('@authenticated');
    expect(supergraph.match(/ {2}viewer.*/)?.[0]).not.toContain('@authenticated');
  });
});

/** Every `@permission` of a schema, by where it stands. */
function permissionsOf(sdl: string, read = buildSchema(sdl, { assumeValidSDL: true })) {
  const found: Record<string, unknown> = {};
  for (const type of Object.values(read.getTypeMap()).filter(isObjectType)) {
    const note = (at: string, node: GraphQLObjectType) => {
      const directives = getDirective(read, node, 'permission');
      if (directives) found[at] = directives.map(({ require }) => require);
    };
    note(type.name, type);
    for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field as never);
  }
  return found;
}

it.each([
  ['the stitching view', () => stitching],
  ['the federation view', () => federation],
  ['the composed supergraph', () => compose(federation).supergraph],
])('%s keeps every @permission with its arguments', (_, sdl) => {
  const promised = permissionsOf(printSdl(schema));
  expect(Object.keys(promised).length).toBeGreaterThanOrEqual(10);
  expect(permissionsOf(sdl())).toEqual(promised);
});

describe('the SDL is given', () => {
  const query = '{ _sdl _service { sdl } }';
  const worlds: Partial<Record<string, World>> = {};
  const accesses = ['signed-in', 'open', 'closed'] as const;
  beforeAll(async () => {
    for (const access of accesses) {
      worlds[access] = await createWorld(access === 'signed-in' ? {} : { SDL_ACCESS: access });
    }
  });
  afterAll(async () => {
    for (const world of Object.values(worlds)) await world?.close();
  });

  it.each([
    ['signed-in', 'nobody', 'UNAUTHENTICATED', 401],
    ['signed-in', 'a user without permissions', undefined, 200],
    ['open', 'nobody', undefined, 200],
    ['open', 'a user without permissions', undefined, 200],
    ['closed', 'nobody', 'FORBIDDEN', 403],
    ['closed', 'a user without permissions', 'FORBIDDEN', 403],
    ['closed', 'the admin', 'FORBIDDEN', 403],
  ] as const)('when it is %s, to %s: %s', async (access, who, code, status) => {
    const world = worlds[access] as World;
    const as =
      who === 'nobody' ? null : who === 'the admin' ? 'admin' : { token: await world.addUser('somebody') };
    const answer = await world.ask(as, query);
    expect(answer.status).toBe(status);
    expect(answer.data ?? null).toEqual(
      code === undefined ? { _sdl: stitching, _service: { sdl: federation } } : null,
    );
    expect([...new Set(codesOf(answer))]).toEqual(code === undefined ? [] : [code]);
  });

  it('to nobody when it is closed, while gateways that start from the files work on', async () => {
    const world = worlds.closed as World;
    const uuid = await world.addScript('reached');
    const answer = await world.ask(
      'reader',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on DtraceScript { name } } }',
      { r: [{ __typename: 'DtraceScript', uuid }] },
    );
    expect(answer).toMatchObject({ data: { _entities: [{ name: 'reached' }] }, errors: [] });
  });
});
