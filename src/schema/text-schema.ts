import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { type GraphQLNamedType, GraphQLScalarType, type GraphQLSchema } from 'graphql';
import type { PartialScript } from '../store/store.ts';

/** The types whose objects are scripts, and nothing else. */
const scriptTypes: ReadonlySet<string> = new Set(['DtraceScript', '_Entity']);

const mark = 'scriptsAsText';

/**
 * The same schema, guards included, in which a script is a scalar: the text of the JSON object that a selection asks for.
 * Executing a query by it skips what executors do for each field of each script.
 */
export function withScriptsAsText(schema: GraphQLSchema): GraphQLSchema {
  const mapped = mapSchema(schema, {
    [MapperKind.TYPE]: (type) =>
      answersScripts(type) ? new GraphQLScalarType({ name: type.name, serialize: textOf }) : undefined,
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

function textOf(script: unknown): unknown {
  // An error that stands in a script's place.
  if (script instanceof Error) throw script;
  const { json } = script as PartialScript;
  if (json === undefined) throw new Error('A script was to be answered as text, and was not read as such.');
  return json;
}
