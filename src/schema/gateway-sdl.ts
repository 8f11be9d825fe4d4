import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
} from 'graphql';

/**
 * The id of `@permission` as a federation feature. It is a name and not a web page: composition compares it and never
 * fetches it. It will not change.
 */
export const permissionSpecUrl = 'https://dtrace-gateway.example/permission/v1.0';

const federationSpecUrl = 'https://specs.apollo.dev/federation/v2.5';

const federationHead = `
  extend schema
    @link(url: "${federationSpecUrl}", import: ["@key", "@shareable", "@composeDirective"])
    @link(url: "${permissionSpecUrl}", import: ["@permission"])
    @composeDirective(name: "@permission")
`;

/** As `@graphql-tools/stitching-directives` defines it, under its default name. */
const stitchingHead = `
  """How a gateway reads an object by its key."""
  directive @merge(argsExpr: String, keyArg: String, keyField: String, key: [String!], additionalArgs: String) on FIELD_DEFINITION
`;

/** The directives that a view adds, by `Type` or `Type.field`. */
type Additions = Readonly<Record<string, string>>;

const federationDirectives: Additions = {
  DtraceScript: '@key(fields: "uuid")',
  // Every service with a Relay connection defines this type. Without the directive, composition fails.
  PageInfo: '@shareable',
};

const stitchingDirectives: Additions = {
  'Query.dtraceScriptsByUuid': '@merge(keyField: "uuid", keyArg: "uuids")',
};

/** The types that other services may extend, with their key fields. */
const entityKeys: Readonly<Record<string, string>> = { DtraceScript: 'uuid' };

/** The SDL for gateways that merge types by stitching directives. Plain `buildSchema` accepts it. */
export function printStitchingSdl(schema: GraphQLSchema): string {
  return printView(schema, stitchingHead, stitchingDirectives);
}

/** The SDL for gateways that compose subgraphs by Apollo Federation 2. */
export function printFederationSdl(schema: GraphQLSchema): string {
  return printView(schema, federationHead, federationDirectives);
}

function printView(schema: GraphQLSchema, head: string, additions: Additions): string {
  const { definitions } = getDocumentNodeFromSchema(schema);
  const view = definitions.filter((definition) => !isForGateways(definition)).map(adapt);
  return `${print({ kind: Kind.DOCUMENT, definitions: [...parse(head).definitions, ...view] })}\n`;

  function adapt(definition: DefinitionNode): DefinitionNode {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    const { name, directives = [], fields = [] } = definition;
    return {
      ...definition,
      directives: [...directives, ...added(name.value)],
      fields: fields
        .filter((field) => !isForGateways(field))
        .map((field) => (isShared(name.value, field) ? nullable(field) : field))
        .map((field) => ({
          ...field,
          directives: [...(field.directives ?? []), ...added(`${name.value}.${field.name.value}`)],
        })),
    };
  }

  function added(at: string): readonly ConstDirectiveNode[] {
    const text = additions[at];
    if (text === undefined) return [];
    const [type] = parse(`type T ${text} { f: Int }`).definitions as ObjectTypeDefinitionNode[];
    return type?.directives ?? [];
  }
}

/** Whether a definition belongs to a gateway protocol: its name begins with an underscore. */
function isForGateways(node: DefinitionNode | FieldDefinitionNode): boolean {
  return 'name' in node && node.name !== undefined && node.name.value.startsWith('_');
}

/** Whether other services may have fields of the same object, so that this field can be missing. */
function isShared(typeName: string, field: FieldDefinitionNode): boolean {
  const key = entityKeys[typeName];
  return key !== undefined && field.name.value !== key;
}

/** Makes a field nullable: a refusal here must not remove the fields of other services. */
function nullable(field: FieldDefinitionNode): FieldDefinitionNode {
  return field.type.kind === Kind.NON_NULL_TYPE ? { ...field, type: field.type.type } : field;
}
