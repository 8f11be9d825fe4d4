import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type DtraceScriptColumn, dtraceScriptColumns } from '../dtrace/dtrace-script.ts';
import { type ScriptTemplate, scriptTemplate, type TemplateMember } from '../dtrace/script-template.ts';
import { type Fragments, fieldsIn, fragmentsOf, setsBelow } from './selections.ts';
import { answersScripts } from './text-schema.ts';

/** A selected field, with what is needed to read its selections. */
export interface SelectedField {
  readonly fragments: Fragments;
  readonly returnType: GraphQLOutputType;
  readonly fieldNodes: readonly FieldNode[];
}

/**
 * Whether a valid query answers scripts, and the schema with scripts as texts can execute it. A document with directives
 * cannot: variables decide what they leave out.
 */
export function canAnswerTexts(
  schema: GraphQLSchema,
  document: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
): boolean {
  if (hasDirectives(document)) return false;
  const fields = schema.getQueryType()?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const templates = [...byKey(fieldsIn([selectionSet], fragments)).values()].map((fieldNodes) => {
    const name = fieldNodes[0]?.name.value ?? '';
    const returnType = fields[name]?.type;
    const template = returnType ? findTemplate({ fragments, returnType, fieldNodes }) : null;
    // Other names with `_` read the schema, which is different when scripts are texts.
    return template === null && name.startsWith('_') && name !== '__typename' ? undefined : template;
  });
  if (templates.includes(undefined)) return false;
  // All templates must be equal: one statement reads all scripts.
  return new Set(templates.flatMap((template) => template?.key ?? [])).size === 1;
}

/**
 * The template of all scripts below a field.
 *
 * @returns null if there are no scripts; undefined if they select more than columns, or differ
 */
export function findTemplate(field: SelectedField): ScriptTemplate | null | undefined {
  const templates = scriptsBelow(field).map(templateOf);
  const [first, ...others] = templates;
  if (templates.length === 0) return null;
  return others.every((template) => template?.key === first?.key) ? first : undefined;
}

/** The fields selected of scripts below a field: one list for each place with scripts. */
function scriptsBelow({ returnType, fieldNodes, fragments }: SelectedField): (readonly FieldNode[])[] {
  const type = getNamedType(returnType);
  const below = fieldsIn(setsBelow(fieldNodes), fragments);
  if (answersScripts(type)) return [below];
  if (!isObjectType(type)) return [];
  const fields = type.getFields();
  return [...byKey(below).values()].flatMap((nodes) => {
    const returned = fields[nodes[0]?.name.value ?? '']?.type;
    return returned ? scriptsBelow({ fragments, returnType: returned, fieldNodes: nodes }) : [];
  });
}

/** @returns undefined if a selected field depends on more than the script, such as an argument */
function templateOf(fields: readonly FieldNode[]): ScriptTemplate | undefined {
  const members = new Map<string, TemplateMember>();
  for (const { name, alias, arguments: args } of fields) {
    const { value } = name;
    if (args?.length || !(value === '__typename' || isColumn(value))) return undefined;
    const key = alias?.value ?? value;
    members.set(
      key,
      value === '__typename' ? { name: key, constant: '"DtraceScript"' } : { name: key, column: value },
    );
  }
  return scriptTemplate([...members.values()]);
}

/** Fields by their name in the answer. */
function byKey(fields: readonly FieldNode[]): ReadonlyMap<string, readonly FieldNode[]> {
  const groups = new Map<string, FieldNode[]>();
  for (const field of fields) {
    const key = field.alias?.value ?? field.name.value;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [field]);
    else group.push(field);
  }
  return groups;
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}

function isColumn(name: string): name is DtraceScriptColumn {
  return (dtraceScriptColumns as readonly string[]).includes(name);
}
