import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type DtraceScriptColumn, dtraceScriptColumns, type ScriptText } from '../scripts/dtrace-script.ts';
import { readText } from './read-text.ts';
import { hasScriptsAsText } from './text-schema.ts';

/** What the selection below a field takes of scripts. */
export interface Projection {
  readonly columns: readonly DtraceScriptColumn[];
  /** In a query that is executed by the text schema. */
  readonly text?: ScriptText | undefined;
}

/** What to read of scripts for the field that is resolved. */
export function projectionOf(info: GraphQLResolveInfo): Projection {
  let projection = known.get(info.fieldNodes);
  if (projection === undefined) {
    projection = hasScriptsAsText(info.schema)
      ? { columns: [], text: readText(info) ?? unreadable(info) }
      : { columns: gatherColumns(info) };
    known.set(info.fieldNodes, projection);
  }
  return projection;
}

/** A compiled query asks with the same nodes every time. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], Projection>();

function unreadable({ fieldName }: GraphQLResolveInfo): never {
  throw new Error(`The scripts below ${fieldName} cannot be answered as texts.`);
}

/**
 * The columns that the selection below a field may need. Fields are gathered by name at any depth, whatever
 * `@include` and `@skip` say: never too few, now and then one too many.
 */
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
