import { readFileSync } from 'node:fs';
import {
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { type Config, ConfigError } from '../config.ts';
import { isJsonObject } from '../json/json-object.ts';

/** Documents by the ids under which clients ask for them. */
export type PersistedDocuments = ReadonlyMap<string, string>;

const maxMistakesShown = 20;

/**
 * Reads the registered documents: a JSON object of documents by id, as GraphQL Code Generator and Relay write it. Each is
 * validated as if it had been sent.
 *
 * @returns undefined when the settings name no file, and any document may be sent
 * @throws ConfigError naming every document that would be refused, and why
 */
export function readPersistedDocuments(
  { persistedDocuments: path, limits }: Pick<Config, 'persistedDocuments' | 'limits'>,
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
): PersistedDocuments | undefined {
  if (path === undefined) return undefined;
  const documents = new Map<string, string>();
  const mistakes: string[] = [];
  for (const [id, document] of Object.entries(readJson(path))) {
    const mistake = mistakeIn(document);
    if (mistake !== undefined) mistakes.push(`${JSON.stringify(id)}: ${mistake}`);
    else documents.set(id, document as string);
  }
  if (mistakes.length > maxMistakesShown) {
    mistakes.splice(maxMistakesShown, Infinity, `and ${mistakes.length - maxMistakesShown} more.`);
  }
  if (mistakes.length === 0 && documents.size === 0) mistakes.push('it holds no document.');
  if (mistakes.length > 0) throw wrongFile(path, mistakes);
  return documents;

  function mistakeIn(document: unknown): string | undefined {
    if (typeof document !== 'string') return 'the document must be a text.';
    try {
      const parsed = parse(document, { maxTokens: limits.maxDocumentTokens });
      return validate(schema, parsed, [...specifiedRules, ...rules])[0]?.message;
    } catch (error) {
      if (error instanceof GraphQLError) return error.message;
      throw error;
    }
  }
}

function readJson(path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrongFile(path, [error instanceof Error ? error.message : String(error)]);
  }
  if (isJsonObject(value)) return value;
  throw wrongFile(path, ['it must hold a JSON object of documents by id.']);
}

function wrongFile(path: string, mistakes: readonly string[]): ConfigError {
  return new ConfigError(mistakes.map((mistake) => `PERSISTED_DOCUMENTS, ${path}: ${mistake}`));
}
