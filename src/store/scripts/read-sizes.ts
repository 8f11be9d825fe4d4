import { JsonText } from '../../scripts/json-text.ts';
import { byteLength } from '../../scripts/json-value.ts';
import { textBytes } from '../cache/read-cache.ts';
import type { TextColumn } from '../sql/dialect.ts';
import type { OrderField, PartialScript } from '../store.ts';
import type { Projection } from './script-statements.ts';

/** How large a value can be, as a part of the largest source, with the limits of the gateway by default. */
const weights: Readonly<Record<string, number>> = { script: 1, config: 0.25, metadata: 1 };

/** How many values of the largest size are read at once without a look at their sizes: those of some 20 scripts. */
const maxLargeValues = 48;

/** About how many bytes one statement reads of scripts that can be large, unless one script alone has more. */
const maxPartBytes = 1024 * 1024;

const textColumns: ReadonlySet<string> = new Set([
  'name',
  'script',
  'config',
  'metadata',
] satisfies TextColumn[]);

/** A script, and about how many bytes will be read of it. */
export interface Outlined extends PartialScript {
  readonly bytes: number;
}

/** Whether reading so many scripts may take long: then their sizes are to be asked for first. */
export function isLarge(count: number, { columns, text }: Projection): boolean {
  if (count === 1 && text === undefined) return false;
  let values = 0;
  for (const column of columns) values += weights[column] ?? 0;
  if (text) for (const [, column] of text.members) values += weights[column] ?? 0;
  return values * count > maxLargeValues;
}

/** What is read of scripts to know their sizes, and their places in an order. */
export function outlineOf({ columns, text }: Projection, field?: OrderField): Projection {
  const named: readonly string[] = [...columns, ...(text?.members.map(([, value]) => value) ?? [])];
  const sized = named.filter((column) => textColumns.has(column)) as TextColumn[];
  return { columns: field === undefined ? [] : [field], text: undefined, sized: sized.sort() };
}

/** Cuts a list into parts that are read by one statement each. */
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

/** How many bytes the texts of a script have. */
export function bytesOf(script: PartialScript): number {
  let bytes = 0;
  for (const value of Object.values(script)) {
    if (typeof value === 'string') bytes += byteLength(value);
    else if (value instanceof JsonText) bytes += byteLength(value.text);
  }
  return bytes;
}

/** What a script takes in memory besides its texts, and besides each of its values. */
const [scriptBytes, valueBytes] = [64, 48];

/** How many bytes a script takes in memory. */
export function memoryBytesOf(script: PartialScript): number {
  let bytes = scriptBytes;
  for (const value of Object.values(script)) {
    bytes += valueBytes;
    if (typeof value === 'string') bytes += textBytes(value);
    else if (value instanceof JsonText) bytes += textBytes(value.text);
  }
  return bytes;
}
