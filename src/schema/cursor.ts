import { z } from 'zod';
import { badAfter } from '../errors.ts';
import type { PartialScript, ScriptOrder, ScriptPosition } from '../store/store.ts';

const uuid = z.string().regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const text = z.string().refine((value) => !value.includes('\u0000') && value.isWellFormed());
/** A moment that databases can hold: they know no year 0. */
export const moment = z.iso.datetime({ precision: 3 }).refine((text) => text >= '0001');
const shape = z.union([
  z.tuple([z.literal('name'), text, uuid]),
  z.tuple([z.enum(['createdAt', 'updatedAt']), moment, uuid]),
]);

/** An opaque place in a list: base64url of `[field, value, uuid]`. It outlives the script that it points at. */
export function formatCursor(script: PartialScript, { field }: ScriptOrder): string {
  return encodeCursor([field, script.placedBy ?? script[field], script.uuid]);
}

/** @throws BadUserInputError for a cursor that is not ours, or belongs to another order */
export function parseCursor(cursor: string, { field }: ScriptOrder): ScriptPosition {
  const parsed = shape.safeParse(decodeCursor(cursor));
  if (!parsed.success) throw badAfter.notACursor();
  const [orderedBy, value, uuid] = parsed.data;
  if (orderedBy !== field) throw badAfter.otherOrder();
  return { value: orderedBy === 'name' ? value : new Date(value), uuid };
}

/** Base64url of JSON: text that nobody is to read or to make. */
export function encodeCursor(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** A cursor of the longest name takes less: 600 characters, of up to six bytes each in JSON. */
const maxCursorLength = 8_192;

/** What is behind base64url; `undefined` where that is no JSON, or too long to be a cursor. */
export function decodeCursor(cursor: string): unknown {
  if (cursor.length > maxCursorLength) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
