import type { DocumentNode, FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  // Names of fragments are the caller's: `__proto__` is one like any other.
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of definitions) if (node.kind === 'FragmentDefinition') fragments[node.name.value] = node;
  return fragments;
}

/**
 * The fields of selection sets that stand for one object, those of fragments in the place where these are spread. A
 * fragment that is spread again adds nothing, as in execution; so the walk is never longer than the document.
 */
export function fieldsIn(sets: readonly SelectionSetNode[], fragments: Fragments): readonly FieldNode[] {
  const fields: FieldNode[] = [];
  const spread = new Set<string>();
  for (const set of sets) gather(set);
  return fields;

  function gather({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === 'Field') fields.push(selection);
      else if (selection.kind === 'InlineFragment') gather(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment) gather(fragment.selectionSet);
      }
    }
  }
}

/** The selection sets below fields. */
export function setsBelow(fields: readonly FieldNode[]): readonly SelectionSetNode[] {
  return fields.flatMap(({ selectionSet }) => selectionSet ?? []);
}
