import { type ConstDirectiveNode, Kind, parse } from 'graphql';

/** By `Type.field`, the permissions that the field needs: what `@permission` says in an SDL. */
export function readRequirements(sdl: string): Record<string, string[]> {
  const requirements: Record<string, string[]> = {};
  for (const type of parse(sdl).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const required = (field.directives ?? []).flatMap(requiredBy);
      if (required.length > 0) requirements[`${type.name.value}.${field.name.value}`] = required;
    }
  }
  return requirements;
}

function requiredBy({ name, arguments: args = [] }: ConstDirectiveNode): string[] {
  const list = args.find((argument) => argument.name.value === 'require')?.value;
  if (name.value !== 'permission' || list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((value) => (value.kind === Kind.STRING ? [value.value] : []));
}
