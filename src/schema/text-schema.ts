import { isPromise, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
} from 'graphql';
import { JsonText } from '../json/json-text.ts';
import type { PartialScript } from '../store/store.ts';

/** The types whose objects are always scripts. */
const scriptTypes: ReadonlySet<string> = new Set(['DtraceScript', '_Entity']);

const mark = 'scriptsAsText';

/**
 * The same schema with its guards, but a script is a scalar: the text of the JSON object that the selection asks for. This
 * skips the work of the executor for each field of each script.
 */
export function withScriptsAsText(schema: GraphQLSchema): GraphQLSchema {
  const mapped = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => (listsScripts(field) ? joined(field) : field),
    [MapperKind.TYPE]: (type) =>
      answersScripts(type) ? new GraphQLScalarType({ name: type.name, serialize: asText }) : undefined,
  });
  mapped.extensions = { ...mapped.extensions, [mark]: true };
  return mapped;
}

export function hasScriptsAsText({ extensions }: GraphQLSchema): boolean {
  return extensions[mark] === true;
}

export function answersScripts({ name }: GraphQLNamedType): boolean {
  return scriptTypes.has(name);
}

function listsScripts({ type }: GraphQLFieldConfig<unknown, unknown>): boolean {
  return isListType(getNullableType(type)) && answersScripts(getNamedType(type));
}

/** The field with all its scripts in one text, if none is null or an error. */
function joined(field: GraphQLFieldConfig<unknown, unknown>): GraphQLFieldConfig<unknown, unknown> {
  const { resolve } = field;
  if (resolve === undefined) return field;
  return {
    ...field,
    resolve: (source, args, context, info) => {
      const scripts = resolve(source, args, context, info);
      return isPromise(scripts) ? scripts.then(join) : join(scripts);
    },
  };
}

/** With an error or a null the executor handles the list: it knows the path of each element. */
function join(scripts: unknown): unknown {
  if (!Array.isArray(scripts) || scripts.length < 2) return scripts;
  let text = '';
  for (const script of scripts) {
    if (script === null || script instanceof Error) return scripts;
    text += `${text === '' ? '' : ','}${textOf(script).text}`;
  }
  return [new JsonText(text)];
}

function asText(script: unknown): JsonText {
  return script instanceof JsonText ? script : textOf(script);
}

function textOf(script: unknown): JsonText {
  // An error in place of a script.
  if (script instanceof Error) throw script;
  const { json } = script as PartialScript;
  if (json === undefined) throw new Error('A script was to be answered as text, and was not read as such.');
  return json;
}
