import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type DtraceScriptColumn, dtraceScriptColumns } from '../scripts/dtrace-script.ts';

/**
 * The columns that the selection below a field may need. Fields are gathered by name at any depth, whatever
 * `@include` and `@skip` say: never too few, now and then one too many.
 */
export function selectedColumns(info: GraphQLResolveInfo): readonly DtraceScriptColumn[] {
  let columns = known.get(info.fieldNodes);
  if (columns === undefined) {
    columns = gatherColumns(info);
    known.set(info.fieldNodes, columns);
  }
  return columns;
}

/** A compiled query asks with the same nodes every time. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], readonly DtraceScriptColumn[]>();

function gatherColumns(info: GraphQLResolveInfo): readonly DtraceScriptColumn[] {
  const names = new Set<string>();
  const visited = new Set<string>();
  for (const { selectionSet } of info.fieldNodes) if (selectionSet) gather(selectionSet);
  return dtraceScriptColumns.filter((column) => names.has(column));

  function gather({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        names.add(selection.name.value);
        if (selection.selectionSet) gather(selection.selectionSet);
      } else if (selection.kind === 'InlineFragment') {
        gather(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = info.fragments[selection.name.value];
        if (fragment) gather(fragment.selectionSet);
      }
    }
  }
}
