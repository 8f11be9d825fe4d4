import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import {
  type DtraceScriptColumn,
  dtraceScriptColumns,
  type ScriptText,
  scriptText,
} from '../scripts/dtrace-script.ts';
import { answersScripts } from './text-schema.ts';

/** A field that is selected, and what is needed to look at the selections below it. */
export interface SelectedField {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
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
  const { definitions } = document;
  const fields = schema.getQueryType()?.getFields() ?? {};
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const node of definitions) if (node.kind === 'FragmentDefinition') fragments[node.name.value] = node;
  const asked = new Map<string, FieldNode[]>();
  for (const node of fieldsOf(selectionSet, fragments)) {
    const key = node.alias?.value ?? node.name.value;
    asked.set(key, [...(asked.get(key) ?? []), node]);
  }
  const texts = [...asked.values()].map((fieldNodes) => {
    const name = fieldNodes[0]?.name.value ?? '';
    const returnType = fields[name]?.type;
    const text = returnType ? readText({ schema, fragments, returnType, fieldNodes }) : null;
    // The others with such names tell of the schema, which is another one where scripts are texts.
    return text === null && name.startsWith('_') && name !== '__typename' ? undefined : text;
  });
  if (texts.includes(undefined)) return false;
  // All alike, so that they are found by one statement.
  return new Set(texts.flatMap((text) => text?.key ?? [])).size === 1;
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

/**
 * The text that answers every script below a field.
 *
 * @returns null without any; undefined when they take more than columns by names, or not all the same
 */
export function readText(field: SelectedField): ScriptText | null | undefined {
  const texts = selectionsOfScripts(field).map((selection) => {
    const members = new Map<string, DtraceScriptColumn | '__typename'>();
    return addMembers(members, selection, field.fragments) ? scriptText([...members]) : undefined;
  });
  const [first = null, ...others] = texts;
  return first === null || others.every((text) => text?.key === first?.key) ? first : undefined;
}

/** The selections below a field that are of scripts. */
function selectionsOfScripts({ returnType, fieldNodes, ...of }: SelectedField): SelectionSetNode[] {
  const type = getNamedType(returnType);
  const below = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  if (answersScripts(type)) return below;
  if (!isObjectType(type)) return [];
  const fields = type.getFields();
  return below
    .flatMap((selection) => fieldsOf(selection, of.fragments))
    .flatMap((node) => {
      const returned = fields[node.name.value]?.type;
      return returned ? selectionsOfScripts({ ...of, returnType: returned, fieldNodes: [node] }) : [];
    });
}

function fieldsOf({ selections }: SelectionSetNode, fragments: SelectedField['fragments']): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return selection;
    const inner = selectionIn(selection, fragments);
    return inner ? fieldsOf(inner, fragments) : [];
  });
}

/** What a fragment selects, where it stands or where it is defined. */
function selectionIn(
  fragment: InlineFragmentNode | FragmentSpreadNode,
  fragments: SelectedField['fragments'],
): SelectionSetNode | undefined {
  return fragment.kind === 'InlineFragment'
    ? fragment.selectionSet
    : fragments[fragment.name.value]?.selectionSet;
}

/** @returns false when something is selected that depends on more than the script: an argument, a directive */
function addMembers(
  members: Map<string, DtraceScriptColumn | '__typename'>,
  { selections }: SelectionSetNode,
  fragments: SelectedField['fragments'],
): boolean {
  return selections.every((selection) => {
    if (selection.directives?.length) return false;
    if (selection.kind === 'Field') {
      const name = selection.name.value;
      members.set(selection.alias?.value ?? name, name as DtraceScriptColumn | '__typename');
      return !selection.arguments?.length && (name === '__typename' || isColumn(name));
    }
    const inner = selectionIn(selection, fragments);
    return inner !== undefined && addMembers(members, inner, fragments);
  });
}

function isColumn(name: string): name is DtraceScriptColumn {
  return (dtraceScriptColumns as readonly string[]).includes(name);
}
