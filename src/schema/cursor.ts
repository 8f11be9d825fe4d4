import { z } from 'zod';
import { badAfter } from '../errors.ts';
import type { PartialScript, ScriptOrder, ScriptPosition } from '../store/store.ts';

const uuid = z.string().regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const text = z.string().refine((value) => !value.includes('\u0000') && value.isWellFormed());
/** A time that databases can store: they have no year 0. */
export const moment = z.iso.datetime({ precision: 3 }).refine((text) => text >= '0001');
const shape = z.union([
  z.tuple([z.literal('name'), text, uuid]),
  z.tuple([z.enum(['createdAt', 'updatedAt']), moment, uuid]),
]);

/** A cursor of a list: base64url of `[field, value, uuid]`. It stays valid when the script is deleted. */
export function formatScriptCursor(script: PartialScript, { field }: ScriptOrder): string {
  return encodeCursor([field, script.placedBy ?? script[field], script.uuid]);
}

/** @throws BadUserInputError for a malformed cursor, or one of another order */
export function parseScriptCursor(cursor: string, { field }: ScriptOrder): ScriptPosition {
  const parsed = shape.safeParse(decodeCursor(cursor));
  if (!parsed.success) throw badAfter.notACursor();
  const [orderedBy, value, uuid] = parsed.data;
  if (orderedBy !== field) throw badAfter.otherOrder();
  return { value: orderedBy === 'name' ? value : new Date(value), uuid };
}

/** Base64url of JSON. Clients must not read or build cursors. */
export function encodeCursor(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** A cursor of the longest name is shorter: 600 characters, of up to six bytes each in JSON. */
const maxCursorLength = 8_192;

/** The JSON in a cursor; `undefined` if it is not JSON, or too long. */
export function decodeCursor(cursor: string): unknown {
  if (cursor.length > maxCursorLength) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
