import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type DtraceScriptColumn, dtraceScriptColumns } from '../scripts/dtrace-script.ts';
import type { ScriptTemplate } from '../scripts/script-template.ts';
import { readText } from './read-text.ts';
import { fieldsIn, setsBelow } from './selections.ts';
import { hasScriptsAsText } from './text-schema.ts';

/** What the selection below a field takes of scripts. */
export interface Projection {
  readonly columns: readonly DtraceScriptColumn[];
  /** In a query that is executed by the text schema. */
  readonly text?: ScriptTemplate | undefined;
}

/** What to read of scripts for the field that is resolved. */
export function projectionOf(info: GraphQLResolveInfo): Projection {
  if (!hasScriptsAsText(info.schema)) return { columns: gatherColumns(info) };
  const node = info.fieldNodes[0] as FieldNode;
  let projection = textProjections.get(node);
  if (projection === undefined) {
    projection = { columns: [], text: textOf(info) };
    textProjections.set(node, projection);
  }
  return projection;
}

/**
 * By the first node of a root field. A document that is answered by texts has no directives, so that the same nodes
 * stand behind the first one every time.
 */
const textProjections = new WeakMap<FieldNode, Projection>();

/** Undefined below a connection of which no script is asked for. */
function textOf(info: GraphQLResolveInfo): ScriptTemplate | undefined {
  const text = readText(info);
  if (text !== undefined) return text ?? undefined;
  throw new Error(`The scripts below ${info.fieldName} cannot be answered as texts.`);
}

/**
 * The columns that the selection below a field may need. Fields are gathered by name at any depth, whatever
 * `@include` and `@skip` say: never too few, now and then one too many.
 */
function gatherColumns({ fieldNodes, fragments }: GraphQLResolveInfo): readonly DtraceScriptColumn[] {
  const names = new Set<string>();
  gather(setsBelow(fieldNodes));
  return dtraceScriptColumns.filter((column) => names.has(column));

  function gather(sets: readonly SelectionSetNode[]): void {
    if (sets.length === 0) return;
    const fields = fieldsIn(sets, fragments);
    for (const { name } of fields) names.add(name.value);
    gather(setsBelow(fields));
  }
}
