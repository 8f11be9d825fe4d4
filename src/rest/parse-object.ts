import { badBody } from '../errors.ts';
import { decodeBody } from '../http/read-body.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';

/**
 * The JSON object that a body holds. Of a key that is there twice, the last value counts.
 *
 * @throws BadUserInputError for what is not JSON in UTF-8, or is not an object
 */
export function parseObject(body: Uint8Array): JsonObject {
  const value = parse(decodeBody(body));
  if (isJsonObject(value)) return value;
  throw badBody.notAnObject(value);
}

function parse(text: string): unknown {
  if (text.trim() === '') throw badBody.empty();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badBody.notJson(error);
  }
}
