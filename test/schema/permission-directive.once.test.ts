import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  type GraphQLUnionType,
  graphql,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { compilePermissions } from '../../src/permissions/permission-set.ts';
import { createBuilder, openToAll, permission } from '../../src/schema/builder.ts';
import { guardedBy, signedIn } from '../../src/schema/field-guard.ts';
import {
  checksMembers,
  enforcePermissions,
  permissionDirective,
} from '../../src/schema/permission-directive.ts';
import { recordedAs } from '../../src/schema/refusals.ts';
import { createSchema } from '../../src/schema/schema.ts';

type Resolvers = Readonly<Record<string, unknown>>;

/** A guarded schema from SDL; `resolvers` by `Type.field`, a value that is no function being the answer itself. */
function guarded(
  sdl: string,
  resolvers: Resolvers = {},
  open: readonly string[] = [],
  adjust: (schema: GraphQLSchema) => void = () => {},
) {
  const schema = buildSchema(
    `directive @permission(require: [String!]!) repeatable on FIELD_DEFINITION | OBJECT\n${sdl}`,
  );
  const fieldOf = (at: string) => {
    const [type = '', name = ''] = at.split('.');
    const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
    if (field === undefined) throw new Error(`no field ${at}`);
    return field;
  };
  for (const [at, answer] of Object.entries(resolvers)) {
    fieldOf(at).resolve = (typeof answer === 'function' ? answer : () => answer) as GraphQLFieldResolver<
      unknown,
      unknown
    >;
  }
  for (const at of open) fieldOf(at).extensions = openToAll;
  adjust(schema);
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const node of [type, ...Object.values(type.getFields())]) {
      node.extensions = { ...recordedAs('GET_SCRIPT'), ...node.extensions };
    }
  }
  return enforcePermissions(schema);
}

/** Puts a mark on every field of Query. */
function markAll(schema: GraphQLSchema, extensions: Readonly<Record<string, unknown>>): void {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) field.extensions = extensions;
}

/** Runs a query for somebody with these grants; null is nobody. */
async function ask(schema: ReturnType<typeof guarded>, source: string, grants: readonly string[] | null) {
  const viewer = grants === null ? null : { permissions: compilePermissions(grants) };
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { viewer } });
  return {
    data: JSON.parse(JSON.stringify(data)),
    errors: errors.map(({ path, message, originalError }) => {
      const known = originalError instanceof GatewayError;
      return [
        path?.join('.'),
        known ? originalError.code : message,
        ...(known && originalError.details.permission ? [originalError.details.permission] : []),
      ];
    }),
  };
}

describe('does not build a schema in which', () => {
  const file = 'type File @permission(require: ["file->$id->get"]) { id: ID! }';

  it.each([
    [
      'a query says nothing about who may use it',
      'type Query { hole: Int }',
      'Query.hole says nothing about who may use it: give it @permission, or mark it as open to all.',
    ],
    [
      'a mutation says nothing, nor a permission as required by none',
      'type Query { a: Int @permission(require: ["a"]) } type Mutation { hole: Int @permission(require: []) }',
      'Mutation.hole says nothing about who may use it: give it @permission, or mark it as open to all.',
    ],
    [
      'a subscription says nothing',
      'type Query { a: Int @permission(require: ["a"]) } type Subscription { hole: Int }',
      'Subscription.hole says nothing about who may use it: give it @permission, or mark it as open to all.',
    ],
    [
      'a root type of another name has such a hole',
      'schema { query: Root } type Root { hole: Int }',
      'Root.hole says nothing about who may use it: give it @permission, or mark it as open to all.',
    ],
    [
      'an object is guarded, but the root field that answers it says nothing',
      `type Query { file: File } ${file}`,
      'Query.file says nothing about who may use it: give it @permission, or mark it as open to all.',
    ],
    [
      '$name stands for no argument',
      'type Query { a(id: ID!, n: Int): Int @permission(require: ["file->$uid->get"]) }',
      '@permission of Query.a: "$uid" stands for nothing; there are id, n.',
    ],
    [
      '$name stands for an argument that may be left out',
      'type Query { a(id: ID): Int @permission(require: ["file->$id->get"]) }',
      '@permission of Query.a: "$id" may be left out; make the argument required.',
    ],
    [
      'a later repetition names no argument',
      'type Query { a(id: ID!): Int @permission(require: ["x"]) @permission(require: ["y", "$z"]) }',
      '@permission of Query.a: "$z" stands for nothing; there are id.',
    ],
    [
      '$name stands for no field of its object',
      'type Query { a: Int @permission(require: ["a"]) } type File @permission(require: ["$uid"]) { id: ID! }',
      '@permission of File: "$uid" stands for nothing; there are id.',
    ],
    [
      'a guarded object hides behind a union',
      `type Query { any: Any @permission(require: ["a"]) } union Any = Open | File type Open { a: Int } ${file}`,
      'Query.any reaches File through Any, where nothing guards it.',
    ],
    [
      'a guarded object hides behind an interface, inside a list, below an open object',
      `type Query { box: Box @permission(require: ["a"]) } type Box { all: [[Node!]!]! }
       interface Node { id: ID! } type File implements Node @permission(require: ["file->$id->get"]) { id: ID! }`,
      'Box.all reaches File through Node, where nothing guards it.',
    ],
    [
      'a list argument guards a field that answers no list',
      'type Query { a(ids: [ID!]!): Int @permission(require: ["file->$ids->get"]) }',
      '@permission of Query.a: "$ids" is a list, so the field must answer a list of nullable elements.',
    ],
    [
      'a list argument guards elements that cannot be null',
      'type Query { a(ids: [ID!]!): [Int!]! @permission(require: ["file->$ids->get"]) }',
      '@permission of Query.a: "$ids" is a list, so the field must answer a list of nullable elements.',
    ],
    [
      'a permission is malformed',
      'type Query { a: Int @permission(require: ["file->->get"]) }',
      'Malformed permission "file->->get": segment 2 is empty; put a name, _ or ... there',
    ],
  ])('%s', (_, sdl, message) => {
    expect(() => guarded(sdl)).toThrow(expect.objectContaining({ message }));
  });

  it('code-first or not', () => {
    const build = (directives: object) => {
      const builder = createBuilder();
      builder.queryType({});
      builder.queryField('a', (t) => t.int({ ...directives, resolve: () => 1 }));
      return enforcePermissions(builder.toSchema({ directives: [permissionDirective] }));
    };
    expect(() => build({})).toThrow('Query.a says nothing about who may use it');
    expect(() => build({ directives: permission() })).toThrow('Query.a says nothing about who may use it');
    expect(() => build({ directives: permission('a') })).toThrow(
      'Query.a does not say as what its refusals are recorded.',
    );
    const directives = permission('a');
    expect(() => build({ directives, extensions: recordedAs('GET_SCRIPT') })).not.toThrow();
    expect(() => build({ extensions: openToAll })).not.toThrow();
  });
});

describe('a field that may reach guarded objects through a union or an interface', () => {
  const [a, b] = [{ id: 'a' }, { id: 'b' }];
  const open = { kind: 'Open', id: 'o' };
  const sdl = `
    type Query { any: Any  all: [[Node]]  later: [Any]  strict: [Any!] }
    union Any = Open | File
    interface Node { id: ID! }
    type Open implements Node { id: ID! }
    type File implements Node @permission(require: ["file->$id->get"]) { id: ID! }`;

  function build(answers: Resolvers, resolveType: GraphQLTypeResolver<unknown, unknown>) {
    return guarded(sdl, answers, [], (schema) => {
      markAll(schema, { ...openToAll, ...checksMembers });
      for (const name of ['Any', 'Node']) {
        (schema.getType(name) as GraphQLUnionType).resolveType = resolveType;
      }
    });
  }
  const kindOf = (value: unknown) => (value === open ? 'Open' : 'File');
  const answers = {
    'Query.any': a,
    'Query.all': [[a, open], [b]],
    'Query.later': async () => [Promise.resolve(open), Promise.resolve(a), new Error('lost'), null, b],
    'Query.strict': [open, a],
  };

  it.each([
    ['at once', kindOf],
    ['later', async (value: unknown) => kindOf(value)],
  ])('checks each by its runtime type, known %s', async (_, resolveType) => {
    const schema = build(answers, resolveType);
    const query =
      '{ any { __typename } all { id } later { ... on File { id } ... on Open { id } } strict { __typename } }';
    const answer = await ask(schema, query, ['file->b->get']);
    expect(answer.data).toEqual({
      any: null,
      all: [[null, { id: 'o' }], [b]],
      later: [{ id: 'o' }, null, null, null, b],
      strict: null,
    });
    expect(answer.errors.sort()).toEqual([
      ['all.0.0', 'FORBIDDEN', 'file->a->get'],
      ['any', 'FORBIDDEN', 'file->a->get'],
      ['later.1', 'FORBIDDEN', 'file->a->get'],
      ['later.2', 'lost'],
      ['strict.1', 'FORBIDDEN', 'file->a->get'],
    ]);
    expect((await ask(schema, '{ any { __typename } }', null)).errors).toEqual([['any', 'UNAUTHENTICATED']]);
    expect((await ask(schema, '{ any { __typename } }', ['...'])).errors).toEqual([]);
  });

  it('answers nothing whose type cannot be told', async () => {
    const schema = build({ 'Query.any': a }, () => undefined);
    const answer = await ask(schema, '{ any { ... on File { id } } }', []);
    expect(answer.data).toEqual({ any: null });
    expect(answer.errors).toHaveLength(1);
  });

  it('is still a mistake without that mark, and the mark says nothing about who may use a root field', () => {
    const mark = (extensions: Readonly<Record<string, unknown>>) => () =>
      guarded(sdl, {}, [], (schema) => {
        markAll(schema, { ...openToAll, ...checksMembers });
        const field = schema.getQueryType()?.getFields().any;
        if (field) field.extensions = extensions;
      });
    expect(mark(openToAll)).toThrow('Query.any reaches File through Any, where nothing guards it.');
    expect(mark(checksMembers)).toThrow('Query.any says nothing about who may use it');
    expect(mark({ ...openToAll, ...checksMembers })).not.toThrow();
  });
});

it('asks a guard other than a permission first, and resolves nothing when it refuses', async () => {
  let calls = 0;
  const count = () => ++calls;
  const schema = guarded(
    'type Query { a: Int  b: Int @permission(require: ["b"]) }',
    { 'Query.a': count, 'Query.b': count },
    [],
    (schema) => markAll(schema, guardedBy(signedIn)),
  );
  expect((await ask(schema, '{ a b }', null)).errors).toEqual([
    ['a', 'UNAUTHENTICATED'],
    ['b', 'UNAUTHENTICATED'],
  ]);
  expect(calls).toBe(0);
  expect((await ask(schema, '{ a b }', [])).errors).toEqual([['b', 'FORBIDDEN', 'b']]);
  expect((await ask(schema, '{ a b }', ['b'])).errors).toEqual([]);
});

it('leaves no root field of the gateway without a permission, save the few that say so', () => {
  const schema = createSchema();
  const open = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) =>
      Object.values(type?.getFields() ?? {})
        .filter(({ extensions }) => extensions.public === true)
        .map(({ name }) => `${type?.name}.${name}`),
  );
  expect(open).toEqual(['Query.viewer']);
  const guardedOtherwise = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ extensions }) => extensions.guard !== undefined,
  );
  expect(guardedOtherwise.map(({ name }) => name).sort()).toEqual(['_entities', '_sdl', '_service']);
});

describe('a guarded field', () => {
  const calls: unknown[] = [];
  const schema = guarded(
    `type Query {
       open: Int
       one(id: ID!): Int @permission(require: ["file->$id->get"])
       both: Int @permission(require: ["a", "b"]) @permission(require: ["c->_"])
       below: Below @permission(require: ["a"])
     }
     type Below { inner(n: Int!): Int @permission(require: ["inner->$n"]) }`,
    {
      'Query.open': 1,
      'Query.one': (_: unknown, { id }: { id: string }) => {
        calls.push(id);
        return 1;
      },
      'Query.both': 1,
      'Query.below': {},
      'Below.inner': 1,
    },
    ['Query.open'],
  );

  it.each([
    ['is open to nobody without a token', '{ open one(id: "x") }', null, [['one', 'UNAUTHENTICATED']]],
    [
      'wants its argument in the permission',
      '{ one(id: "x") }',
      ['file->y->get'],
      [['one', 'FORBIDDEN', 'file->x->get']],
    ],
    ['is open to who holds it', '{ one(id: "x") }', ['file->x->get'], []],
    [
      'takes a wildcard in an argument for text',
      '{ one(id: "...") }',
      ['file->x->get'],
      [['one', 'FORBIDDEN', 'file->...->get']],
    ],
    [
      'takes an arrow in an argument for text',
      '{ one(id: "x->get") }',
      ['file->x->get->get'],
      [['one', 'FORBIDDEN', 'file->x->get->get']],
    ],
    ['wants every permission of its list', '{ both }', ['a', 'c->_'], [['both', 'FORBIDDEN', 'b']]],
    ['wants every repetition', '{ both }', ['a', 'b'], [['both', 'FORBIDDEN', 'c->_']]],
    [
      'takes a wildcard that it requires for text',
      '{ both }',
      ['a', 'b', 'c->x'],
      [['both', 'FORBIDDEN', 'c->_']],
    ],
    ['is open to who holds all', '{ both }', ['a', 'b', 'c->...'], []],
    [
      'is guarded below the root as well',
      '{ below { inner(n: 7) } }',
      ['a', 'inner->8'],
      [['below.inner', 'FORBIDDEN', 'inner->7']],
    ],
    [
      'is guarded under any alias',
      '{ x: one(id: "x") y: one(id: "y") }',
      ['file->y->get'],
      [['x', 'FORBIDDEN', 'file->x->get']],
    ],
  ])('%s', async (_, query, grants, errors) => {
    expect((await ask(schema, query, grants)).errors).toEqual(errors);
  });

  it('is not resolved at all for who may not', async () => {
    calls.length = 0;
    await ask(schema, '{ a: one(id: "a") b: one(id: "b") }', ['file->b->get']);
    await ask(schema, '{ a: one(id: "a") }', null);
    expect(calls).toEqual(['b']);
  });
});

describe('a list argument', () => {
  let seen: unknown;
  let answer: (ids: string[]) => unknown = (ids) => ids.map((id) => `content of ${id}`);
  const schema = guarded(
    'type Query { files(ids: [ID!]!, mode: String): [String]! @permission(require: ["file->$ids->get", "read"]) }',
    {
      'Query.files': (_: unknown, args: { ids: string[] }) => {
        seen = args;
        return answer(args.ids);
      },
    },
  );

  it('is checked element by element: a refused one is an error in its place, and the resolver never sees it', async () => {
    const query = '{ files(ids: ["b", "a", "b", "c"], mode: "m") }';
    expect(await ask(schema, query, ['file->b->get', 'file->c->get', 'read'])).toEqual({
      data: { files: ['content of b', null, 'content of b', 'content of c'] },
      errors: [['files.1', 'FORBIDDEN', 'file->a->get']],
    });
    expect(seen).toEqual({ ids: ['b', 'b', 'c'], mode: 'm' });
  });

  it.each([
    ['none allowed', ['read'], [null, null], ['file->a->get', 'file->b->get']],
    ['another requirement lacking', ['file->_->get'], [null, null], ['read', 'read']],
    ['all allowed', ['...'], ['content of a', 'content of b'], []],
  ])('answers as long a list with %s', async (_, grants, files, permissions) => {
    expect(await ask(schema, '{ files(ids: ["a", "b"]) }', grants)).toEqual({
      data: { files },
      errors: permissions.map((required, index) => [`files.${index}`, 'FORBIDDEN', required]),
    });
  });

  it('is refused as a whole to nobody', async () => {
    seen = undefined;
    expect((await ask(schema, '{ files(ids: ["a", "b"]) }', null)).errors).toEqual([
      ['files', 'UNAUTHENTICATED'],
    ]);
    expect(seen).toBeUndefined();
  });

  it.each([
    ['short', (ids: string[]) => ids.slice(1)],
    ['long', (ids: string[]) => [...ids, 'more']],
  ])('does not pass on an answer that is too %s, which would shift the rest', async (_, wrong) => {
    const right = answer;
    answer = wrong;
    expect(await ask(schema, '{ files(ids: ["a", "b", "c"]) }', ['...'])).toEqual({
      data: null,
      errors: [['files', 'Query.files did not answer position for position.']],
    });
    answer = right;
  });
});

describe('a guarded object', () => {
  const [a, b] = [{ id: 'a' }, { id: 'b' }];
  const schema = guarded(
    `type Query {
       file: File  later: File  none: File  list: [File]  deep: [[File]]
       promises: [File]  strict: [File!]  failing: [File]  box: Box  never: [File]
     }
     type Box { file: File  plain: Int }
     type File @permission(require: ["file->$id->get"]) @permission(require: ["read"]) { id: ID! up: Box }`,
    {
      'Query.file': a,
      'Query.later': async () => a,
      'Query.none': null,
      'Query.list': [a, b, null, a],
      'Query.deep': [[b, a], [], [a]],
      'Query.promises': async () => [Promise.resolve(a), Promise.resolve([b]).then(([first]) => first), null],
      'Query.strict': [b, a],
      'Query.failing': () => [Promise.reject(new Error('broken')), b, new Error('lost')],
      'Query.box': { file: a, plain: 1 },
      'Query.never': undefined,
      'File.up': { file: b, plain: 2 },
    },
    ['file', 'later', 'none', 'list', 'deep', 'promises', 'strict', 'failing', 'box', 'never'].map(
      (name) => `Query.${name}`,
    ),
  );
  const refused = 'file->a->get';

  it.each([
    ['by itself', '{ file { id } }', { file: null }, [['file', 'FORBIDDEN', refused]]],
    ['by its type name alone', '{ file { __typename } }', { file: null }, [['file', 'FORBIDDEN', refused]]],
    ['in a promise', '{ later { id } }', { later: null }, [['later', 'FORBIDDEN', refused]]],
    [
      'in a list, in its place',
      '{ list { id } }',
      { list: [null, b, null, null] },
      [
        ['list.0', 'FORBIDDEN', refused],
        ['list.3', 'FORBIDDEN', refused],
      ],
    ],
    [
      'in a list of lists',
      '{ deep { id } }',
      { deep: [[b, null], [], [null]] },
      [
        ['deep.0.1', 'FORBIDDEN', refused],
        ['deep.2.0', 'FORBIDDEN', refused],
      ],
    ],
    [
      'in a promise of a list of promises',
      '{ promises { id } }',
      { promises: [null, b, null] },
      [['promises.0', 'FORBIDDEN', refused]],
    ],
    ['where it cannot be null', '{ strict { id } }', { strict: null }, [['strict.1', 'FORBIDDEN', refused]]],
    [
      'beside real errors, which stay what they are',
      '{ failing { id } }',
      { failing: [null, b, null] },
      [
        ['failing.0', 'broken'],
        ['failing.2', 'lost'],
      ],
    ],
    [
      'below an object that is not guarded',
      '{ box { plain file { id } } }',
      { box: { plain: 1, file: null } },
      [['box.file', 'FORBIDDEN', refused]],
    ],
    ['but not where there is none', '{ none { id } never { id } }', { none: null, never: null }, []],
  ])('is withheld %s', async (_, query, data, errors) => {
    const answer = await ask(schema, query, ['file->b->get', 'read']);
    expect(answer.data).toEqual(data);
    expect(answer.errors.sort()).toEqual(errors);
  });

  it('is reached by who holds every permission of it, again and again on the way', async () => {
    const query = '{ file { id up { file { id } plain } } }';
    expect(await ask(schema, query, ['file->_->get', 'read'])).toEqual({
      data: { file: { id: 'a', up: { file: { id: 'b' }, plain: 2 } } },
      errors: [],
    });
    expect((await ask(schema, query, ['file->a->get', 'read'])).errors).toEqual([
      ['file.up.file', 'FORBIDDEN', 'file->b->get'],
    ]);
    expect((await ask(schema, query, ['file->_->get'])).errors).toEqual([['file', 'FORBIDDEN', 'read']]);
    expect((await ask(schema, query, null)).errors).toEqual([['file', 'UNAUTHENTICATED']]);
  });
});
