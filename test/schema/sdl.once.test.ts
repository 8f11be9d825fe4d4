import { readFileSync } from 'node:fs';
import { getDirective } from '@graphql-tools/utils';
import {
  buildSchema,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema, printSdl } from '../../src/schema/schema.ts';

const sdl = printSdl(createSchema());
/** The schema as a reader of the SDL sees it, with nothing but graphql-js at hand. */
const read = buildSchema(sdl);

it('has its SDL in schema.graphql', () => {
  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  expect(file, 'schema.graphql is not what the code says. Run `npm run schema` and review the change.').toBe(
    sdl,
  );
});

it('survives being read and printed again', () => {
  expect(printSdl(read)).toBe(sdl);
});

it('describes every type, field, argument, input field, enum value and directive', () => {
  const mute: string[] = [];
  const inspect = (at: string, { description }: { description?: string | null | undefined }) => {
    if ((description ?? '').trim() === '') mute.push(at);
  };
  const types = Object.values(read.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  expect(types.length).toBeGreaterThan(20);
  for (const type of types) {
    inspect(type.name, type);
    if (isObjectType(type) || isInputObjectType(type)) {
      for (const [name, field] of Object.entries(type.getFields())) {
        inspect(`${type.name}.${name}`, field);
        for (const argument of 'args' in field ? field.args : []) {
          inspect(`${type.name}.${name}(${argument.name}:)`, argument);
        }
      }
    }
    if (isEnumType(type)) for (const value of type.getValues()) inspect(`${type.name}.${value.name}`, value);
  }
  for (const directive of read.getDirectives().filter((directive) => !isSpecifiedDirective(directive))) {
    inspect(`@${directive.name}`, directive);
    for (const argument of directive.args) inspect(`@${directive.name}(${argument.name}:)`, argument);
  }
  expect(mute).toEqual([]);
});

describe('promises, with the permission that it needs,', () => {
  const list = 'filter: DtraceScriptFilter, first: Int, orderBy: DtraceScriptOrder';
  const target = 'ifRevision: Int, uuid: UUID!';

  it.each([
    ['Query', `dtraceScripts(after: UUID, ${list}): [DtraceScript!]!`, ['cloud->dtrace->list']],
    [
      'Query',
      `dtraceScriptsConnection(after: String, ${list}): DtraceScriptConnection!`,
      ['cloud->dtrace->list'],
    ],
    ['Query', 'dtraceScript(uuid: UUID!): DtraceScript', ['dtrace->$uuid->get']],
    ['Query', 'dtraceScriptsByUuid(uuids: [UUID!]!): [DtraceScript]!', ['dtrace->$uuids->get']],
    ['Query', 'viewer: Viewer', []],
    [
      'Mutation',
      'createDtraceScript(input: CreateDtraceScriptInput!): CreateDtraceScriptPayload',
      ['cloud->dtrace->create'],
    ],
    [
      'Mutation',
      'updateDtraceScript(ifRevision: Int, input: UpdateDtraceScriptInput!, uuid: UUID!): UpdateDtraceScriptPayload',
      ['dtrace->$uuid->edit'],
    ],
    ['Mutation', `deleteDtraceScript(${target}): DeleteDtraceScriptPayload`, ['dtrace->$uuid->delete']],
    [
      'Mutation',
      'setDtraceScriptMetadata(ifRevision: Int, path: [String!]!, uuid: UUID!, value: JSON): SetDtraceScriptMetadataPayload',
      ['dtrace->$uuid->edit'],
    ],
    [
      'Mutation',
      'unsetDtraceScriptMetadata(ifRevision: Int, path: [String!]!, uuid: UUID!): UnsetDtraceScriptMetadataPayload',
      ['dtrace->$uuid->edit'],
    ],
  ])('%s.%s', (typeName, signature, required) => {
    const type = read.getType(typeName) as GraphQLObjectType;
    const field = type.getFields()[signature.match(/^\w+/)?.[0] ?? ''];
    const args = [...(field?.args ?? [])].map((argument) => `${argument.name}: ${argument.type}`).sort();
    expect(`${field?.name}${args.length > 0 ? `(${args.join(', ')})` : ''}: ${field?.type}`).toBe(signature);
    expect(requirementsOf(field)).toEqual(required);
  });

  it.each([
    ['DtraceScript', ['dtrace->$uuid->get']],
    ['DtraceScriptConnection', []],
    ['Viewer', []],
  ])('the object %s', (typeName, required) => {
    expect(requirementsOf(read.getType(typeName))).toEqual(required);
  });

  function requirementsOf(node: unknown): string[] {
    return (getDirective(read, node as GraphQLObjectType, 'permission') ?? []).flatMap(
      ({ require }) => require as string[],
    );
  }
});

it.each([
  ['DtraceScript', 'uuid name script config metadata revision createdAt updatedAt'],
  ['CreateDtraceScriptPayload', 'uuid dtraceScript'],
  ['UpdateDtraceScriptPayload', 'uuid dtraceScript'],
  ['SetDtraceScriptMetadataPayload', 'uuid dtraceScript'],
  ['UnsetDtraceScriptMetadataPayload', 'uuid dtraceScript'],
  ['DeleteDtraceScriptPayload', 'uuid'],
  ['DtraceScriptConnection', 'edges nodes pageInfo totalCount'],
])('has in %s the fields %s', (typeName, names) => {
  const fields = (read.getType(typeName) as GraphQLObjectType).getFields();
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(names.split(' ')));
});
