import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';

/**
 * The federation view of the DTrace gateway, with `@permission` repeated in the directives that routers enforce:
 * `@authenticated` on every field that needs any permission, `@requiresScopes` where that permission is the same for
 * every call. What depends on an argument (`$uuid`) is left to the gateway, which checks everything again anyway.
 *
 * @param sdl - `schema.federation.graphql`, or the answer of `{ _service { sdl } }`
 */
export function requireScopes(sdl: string): string {
  return print(
    visit(parse(sdl), {
      Directive: importBoth,
      ObjectTypeDefinition: withDirectives,
      FieldDefinition: withDirectives,
    }),
  );
}

/** Adds both names to what the `@link` to federation imports. */
function importBoth(directive: DirectiveNode): DirectiveNode | undefined {
  if (!print(directive).startsWith('@link(url: "https://specs.apollo.dev/federation/')) return undefined;
  return visit(directive, {
    ListValue: ({ kind, values }) => ({
      kind,
      values: [
        ...values,
        { kind: Kind.STRING, value: '@authenticated' },
        { kind: Kind.STRING, value: '@requiresScopes' },
      ],
    }),
  });
}

function withDirectives<Node extends ObjectTypeDefinitionNode | FieldDefinitionNode>(node: Node): Node {
  const required = (node.directives ?? [])
    .filter(({ name }) => name.value === 'permission')
    .flatMap(readRequire);
  if (required.length === 0) return node;
  const scopes = required.filter((permission) => !permission.includes('$'));
  const text = scopes.length > 0 ? `@requiresScopes(scopes: [${JSON.stringify(scopes)}])` : '';
  const [type] = parse(`type T @authenticated ${text} { f: Int }`).definitions as ObjectTypeDefinitionNode[];
  return { ...node, directives: [...(node.directives ?? []), ...(type?.directives ?? [])] };
}

function readRequire(directive: ConstDirectiveNode): string[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'require')?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((element) => (element.kind === Kind.STRING ? [element.value] : []));
}
