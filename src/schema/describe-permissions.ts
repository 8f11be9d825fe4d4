import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type GraphQLArgumentConfig,
  type GraphQLFieldConfig,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  Kind,
  type StringValueNode,
} from 'graphql';
import { permissionDirective } from './permission-directive.ts';

type Arguments = Readonly<Record<string, GraphQLArgumentConfig>>;

/**
 * Adds a sentence to the description of every field and object that requires permissions, and of every open field.
 *
 * The sentence is made from `@permission`, so that GraphiQL and the printed SDL show what is enforced.
 */
export function describePermissions(schema: GraphQLSchema): GraphQLSchema {
  const requirementsOf = (node: Parameters<typeof getDirective>[1]): string[] =>
    (getDirective(schema, node, permissionDirective.name) ?? []).flatMap(({ require }) => require);
  const requirementsOfObject = (name: string) => {
    const type = schema.getType(name);
    return type instanceof GraphQLObjectType ? requirementsOf(type) : [];
  };

  const sentenceFor = (field: GraphQLFieldConfig<unknown, unknown>, typeName: string): string | undefined => {
    const own = requirementsOf(field);
    if (own.length > 0) return requires(own, field.args);
    if (field.extensions?.public === true) return 'Requires no token.';
    const ofObject = [
      ...requirementsOfObject(typeName),
      ...requirementsOfObject(getNamedType(field.type).name),
    ];
    return ofObject.length > 0 ? requires(ofObject) : undefined;
  };

  return mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (type) => {
      const required = requirementsOf(type);
      return required.length === 0
        ? type
        : new GraphQLObjectType(extended(type.toConfig(), requires(required)));
    },
    [MapperKind.OBJECT_FIELD]: (field, _, typeName) => {
      const sentence = sentenceFor(field, typeName);
      return sentence === undefined ? field : extended(field, sentence);
    },
  });
}

interface Described {
  description?: string | null | undefined;
  astNode?: { readonly description?: StringValueNode | undefined } | null | undefined;
}

/** Adds a sentence to a description, and to the description in the syntax tree, which printers prefer. */
function extended<Config extends Described>(config: Config, sentence: string): Config {
  const description = [config.description, sentence].filter(Boolean).join(' ');
  const { astNode } = config;
  const value: StringValueNode = { kind: Kind.STRING, value: description, block: true };
  return { ...config, description, astNode: astNode && { ...astNode, description: value } };
}

function requires(required: readonly string[], args: Arguments = {}): string {
  return `Requires ${[...new Set(required)].map((permission) => inWords(permission, args)).join(' and ')}.`;
}

/** `$uuid` becomes `UUID`; a list argument `$uuids` becomes its type, "for each of `uuids`". */
function inWords(permission: string, args: Arguments): string {
  let list: string | undefined;
  const segments = permission.split('->').map((segment) => {
    if (!segment.startsWith('$')) return segment;
    const name = segment.slice(1);
    const type = args[name]?.type;
    if (type === undefined || !isListType(getNullableType(type))) return name.toUpperCase();
    list = name;
    return getNamedType(type).name.toUpperCase();
  });
  return `\`${segments.join('->')}\`${list === undefined ? '' : ` for each of \`${list}\``}`;
}
