import { inTurn } from '../in-turn.ts';
import type { JsonObject } from '../json/json-object.ts';
import { JsonText } from '../json/json-text.ts';
import { byteLength } from '../json/json-value.ts';
import { type MetadataPath, valueAt } from '../json/metadata-path.ts';
import type { GatewayContext } from './context.ts';

/** From what size on a document is dealt with in a turn for each path, too: a value in it may be as large. */
const largeCharacters = 64 * 1024;

/** How long the documents are that a request keeps parsed, altogether. All fields of one script come one after the other. */
const maxKeptCharacters = 1024 * 1024;

/**
 * The value at a path of a metadata document as JSON, `null` where there is none. A document is parsed once for all paths
 * that are asked for of it, and the request gives way to others while it has many.
 *
 * @throws AnswerTooLargeError when the request has answered too much
 */
export function readMetadataAt(
  document: JsonText,
  path: MetadataPath,
  context: GatewayContext,
): JsonText | null | Promise<JsonText | null> {
  // Whoever has spent all need not be worked for.
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

interface Parsed {
  readonly documents: Map<JsonText, JsonObject | Promise<JsonObject>>;
  characters: number;
}

/** By request, so that nothing of it outlives the answer. */
const parsedBy = new WeakMap<GatewayContext, Parsed>();

function parse(document: JsonText, context: GatewayContext): JsonObject | Promise<JsonObject> {
  const parsed = parsedBy.get(context) ?? { documents: new Map(), characters: 0 };
  parsedBy.set(context, parsed);
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
