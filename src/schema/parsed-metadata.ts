import { inTurn } from '../in-turn.ts';
import type { JsonObject } from '../json/json-object.ts';
import { JsonText } from '../json/json-text.ts';
import { byteLength } from '../json/json-value.ts';
import { type MetadataPath, valueAt } from '../json/metadata-path.ts';
import type { AnswerBudget } from '../operations/answer-budget.ts';

/** A document longer than this gives way to other requests at each path too: a value in it may be as large. */
const largeCharacters = 64 * 1024;

/** The most characters of documents that a request caches parsed. The fields of one script come one after the other. */
const maxKeptCharacters = 1024 * 1024;

/**
 * The value at a path of a metadata document as JSON, or `null`. A document is parsed once for all its paths. Parsing gives
 * way to other requests.
 *
 * @throws AnswerTooLargeError when the answer is too large
 */
export function readMetadataAt(
  document: JsonText,
  path: MetadataPath,
  context: ParsingContext,
): JsonText | null | Promise<JsonText | null> {
  // A request without budget needs no more work.
  context.budget.spend(0);
  const parsed = parse(document, context);
  if (parsed instanceof Promise) return parsed.then(readValue);
  return document.text.length > largeCharacters ? inTurn(() => readValue(parsed)) : readValue(parsed);

  function readValue(metadata: JsonObject): JsonText | null {
    const value = valueAt(metadata, path);
    if (value === undefined || value === null) return null;
    const text = JSON.stringify(value);
    context.budget.spend(byteLength(text));
    return new JsonText(text);
  }
}

/** What parsing needs of the context of a request. */
interface ParsingContext {
  readonly budget: AnswerBudget;
  parsedMetadata?: ParsedMetadata;
}

/** The parsed documents of one request. */
export interface ParsedMetadata {
  readonly documents: Map<JsonText, JsonObject | Promise<JsonObject>>;
  characters: number;
}

function parse(document: JsonText, context: ParsingContext): JsonObject | Promise<JsonObject> {
  context.parsedMetadata ??= { documents: new Map(), characters: 0 };
  const parsed = context.parsedMetadata;
  const known = parsed.documents.get(document);
  if (known !== undefined) return known;
  const value = inTurn(() => document.parse() as JsonObject);
  parsed.characters += document.text.length;
  if (parsed.characters > maxKeptCharacters) {
    parsed.documents.clear();
    parsed.characters = document.text.length;
  }
  parsed.documents.set(document, value);
  return value;
}
