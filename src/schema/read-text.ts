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
import { type DtraceScriptColumn, dtraceScriptColumns } from '../scripts/dtrace-script.ts';
import { type ScriptTemplate, scriptTemplate, type TemplateMember } from '../scripts/script-template.ts';
import { type Fragments, fieldsIn, fragmentsOf, setsBelow } from './selections.ts';
import { answersScripts } from './text-schema.ts';

/** A field that is selected, and what is needed to look at the selections below it. */
export interface SelectedField {
  readonly fragments: Fragments;
  readonly returnType: GraphQLOutputType;
  readonly fieldNodes: readonly FieldNode[];
}

/**
 * Whether a valid query has scripts to answer, and can be executed by the schema in which they are texts. A document
 * with directives is not: what they leave out depends on variables.
 */
export function canAnswerTexts(
  schema: GraphQLSchema,
  document: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
): boolean {
  if (hasDirectives(document)) return false;
  const fields = schema.getQueryType()?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const texts = [...byKey(fieldsIn([selectionSet], fragments)).values()].map((fieldNodes) => {
    const name = fieldNodes[0]?.name.value ?? '';
    const returnType = fields[name]?.type;
    const text = returnType ? readText({ fragments, returnType, fieldNodes }) : null;
    // The others with such names tell of the schema, which is another one where scripts are texts.
    return text === null && name.startsWith('_') && name !== '__typename' ? undefined : text;
  });
  if (texts.includes(undefined)) return false;
  // All alike, so that they are found by one statement.
  return new Set(texts.flatMap((text) => text?.key ?? [])).size === 1;
}

/**
 * The text that answers every script below a field.
 *
 * @returns null without any; undefined when they take more than columns by names, or not all the same
 */
export function readText(field: SelectedField): ScriptTemplate | null | undefined {
  const texts = scriptsBelow(field).map(textOf);
  const [first, ...others] = texts;
  if (texts.length === 0) return null;
  return others.every((text) => text?.key === first?.key) ? first : undefined;
}

/** What is asked of scripts below a field, for each place at which scripts stand. */
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

/** @returns undefined when something is selected that depends on more than the script, as an argument */
function textOf(fields: readonly FieldNode[]): ScriptTemplate | undefined {
  const members = new Map<string, TemplateMember>();
  for (const { name, alias, arguments: args } of fields) {
    const { value } = name;
    const key = alias?.value ?? value;
    if (args?.length) return undefined;
    if (value === '__typename') members.set(key, { name: key, constant: '"DtraceScript"' });
    else if (isColumn(value)) members.set(key, { name: key, column: value });
    else return undefined;
  }
  return scriptTemplate([...members.values()]);
}

/** Fields by the name under which they are answered. */
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
