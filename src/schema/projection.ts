import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type DtraceScriptColumn, dtraceScriptColumns } from '../dtrace/dtrace-script.ts';
import type { ScriptTemplate } from '../dtrace/script-template.ts';
import { findTemplate } from './find-template.ts';
import { fieldsIn, setsBelow } from './selections.ts';
import { hasScriptsAsText } from './text-schema.ts';

/** What to read of the scripts below a field. */
export interface ScriptProjection {
  readonly columns: readonly DtraceScriptColumn[];
  /** Set if the text schema executes the query. */
  readonly template?: ScriptTemplate | undefined;
}

/** What to read of the scripts for the field that is being resolved. */
export function projectionOf(info: GraphQLResolveInfo): ScriptProjection {
  if (!hasScriptsAsText(info.schema)) return { columns: gatherColumns(info) };
  const node = info.fieldNodes[0] as FieldNode;
  let projection = templateProjections.get(node);
  if (projection === undefined) {
    projection = { columns: [], template: templateBelow(info) };
    templateProjections.set(node, projection);
  }
  return projection;
}

/**
 * By the first node of a root field. The text schema executes only documents without directives, so the first node always
 * has the same other nodes.
 */
const templateProjections = new WeakMap<FieldNode, ScriptProjection>();

/** Undefined below a connection without selected scripts. */
function templateBelow(info: GraphQLResolveInfo): ScriptTemplate | undefined {
  const template = findTemplate(info);
  if (template !== undefined) return template ?? undefined;
  throw new Error(`The scripts below ${info.fieldName} cannot be answered as texts.`);
}

/**
 * The columns that the selection below a field may need. Fields are gathered by name at any depth, and `@include` and
 * `@skip` are ignored: there may be a column too many, but never one too few.
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
