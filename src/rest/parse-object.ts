import { badBody } from '../errors.ts';
import { parseBody } from '../http/read-body.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';

/**
 * Parses the JSON object in a body. If a key is repeated, the last value counts.
 *
 * @throws BadUserInputError if it is not a JSON object in UTF-8
 */
export function parseObject(body: Uint8Array): JsonObject {
  const value = parseBody(body);
  if (isJsonObject(value)) return value;
  throw badBody.notAnObject(value);
}
