import { BadUserInputError } from '../errors.ts';
import { checkContent } from '../http/check-content.ts';
import type { ReadBody } from '../http/read-body.ts';
import type { JsonObject } from '../scripts/dtrace-script.ts';
import { isJsonObject } from '../scripts/metadata-path.ts';

/**
 * The JSON object that a request carries. Of a key that is there twice, the last value counts.
 *
 * @throws HttpRequestError for another type of content (415) or a body that is too large (413)
 * @throws BadUserInputError for what is not JSON in UTF-8, or is not an object
 */
export async function readObject(request: Request, readBody: ReadBody): Promise<JsonObject> {
  checkContent(request.headers);
  const value = parse(decode(await readBody(request)));
  if (isJsonObject(value)) return value;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  throw new BadUserInputError('body', `it must be a JSON object, not ${kind}.`);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadUserInputError('body', 'it is not UTF-8.');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new BadUserInputError('body', 'it is empty; a JSON object is expected.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadUserInputError('body', `it is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
