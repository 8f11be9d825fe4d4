import { JsonText } from '../../json/json-text.ts';
import { byteLength } from '../../json/json-value.ts';
import { textBytes } from '../cache/read-cache.ts';
import type { LargeColumn } from '../sql/dialect.ts';
import type { OrderField, PartialScript } from '../store.ts';
import type { Projection } from './script-statements.ts';

/** The greatest size of a value with the default limits, relative to the greatest script. */
const weights: Readonly<Record<string, number>> = { script: 1, config: 0.25, metadata: 1 };

/** Up to so many values of the greatest size are read without asking for their sizes first: those of about 20 scripts. */
const maxLargeValues = 48;

/** About how many bytes one statement reads. One script alone may be larger. */
const maxPartBytes = 1024 * 1024;

const largeColumns: ReadonlySet<string> = new Set([
  'name',
  'script',
  'config',
  'metadata',
] satisfies LargeColumn[]);

/** A script, and about how many bytes a read of it takes. */
export interface Outlined extends PartialScript {
  readonly bytes: number;
}

/** Whether a read of so many scripts may take long. Then it asks for their sizes first. */
export function isLarge(count: number, { columns, template }: Projection): boolean {
  if (count === 1 && template === undefined) return false;
  let values = 0;
  for (const column of [...columns, ...(template?.columns ?? [])]) values += weights[column] ?? 0;
  return values * count > maxLargeValues;
}

/** What to read of scripts for their sizes, and for their places in an order. */
export function outlineOf({ columns, template }: Projection, field?: OrderField): Projection {
  const wanted = [...columns, ...(template?.columns ?? [])];
  const sized = wanted.filter((column) => largeColumns.has(column)) as LargeColumn[];
  return { columns: field === undefined ? [] : [field], template: undefined, sized: sized.sort() };
}

/** Divides a list into parts, one for each statement. */
export function partsOf<Part extends { readonly bytes: number }>(outlines: readonly Part[]): Part[][] {
  const parts: Part[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const outline of outlines) {
    bytes += outline.bytes;
    if (bytes > maxPartBytes) {
      parts.push([]);
      bytes = outline.bytes;
    }
    parts.at(-1)?.push(outline);
  }
  return parts;
}

/** The bytes of the texts of a script. */
export function bytesOf(script: PartialScript): number {
  let bytes = 0;
  for (const value of Object.values(script)) {
    if (typeof value === 'string') bytes += byteLength(value);
    else if (value instanceof JsonText) bytes += byteLength(value.text);
  }
  return bytes;
}

/** The memory of a script without its values, and of a value without its text. */
const [scriptBytes, valueBytes] = [64, 48];

/** The memory of a script. */
export function memoryBytesOf(script: PartialScript): number {
  let bytes = scriptBytes;
  for (const value of Object.values(script)) {
    bytes += valueBytes;
    if (typeof value === 'string') bytes += textBytes(value);
    else if (value instanceof JsonText) bytes += textBytes(value.text);
  }
  return bytes;
}
