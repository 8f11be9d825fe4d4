import { type ArgType, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { invalidInput } from './driver-errors.ts';

/** A value that a statement returns. Every integer is a `bigint`. */
export type StoredValue = null | bigint | number | string | Uint8Array;

/** A value that a statement takes. */
export type BoundValue = null | bigint | number | string | Uint8Array;

/**
 * The value to bind for an argument of Prisma.
 *
 * A time becomes a text such as `2026-11-23T15:36:00.000Z`: the order of the texts is the order in time. A boolean
 * becomes 0 or 1.
 *
 * @throws DriverAdapterError `InvalidInputValue` for a value that SQLite would change
 */
export function toBoundValue(value: unknown, type: ArgType | undefined): BoundValue {
  switch (typeof value) {
    case 'string':
      return fromText(value, type);
    case 'number':
      return fromNumber(value, type);
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return null;
  }
  if (value === null || value instanceof Uint8Array) {
    return value;
  }
  if (value instanceof Date) {
    return toTimestamp(value);
  }
  throw invalidInput(`SQLite stores no ${typeof value}; expected text, a number, a date, bytes or null`);
}

/**
 * Prisma's column type for a declared type. A length, as in `VARCHAR(20)`, is ignored.
 *
 * @param declared - `null` for the column of an expression
 * @returns `undefined` if only the values tell
 */
export function declaredColumnType(declared: string | null): ColumnType | undefined {
  return declared === null
    ? undefined
    : declaredTypes.get(declared.replace(/\(.*/s, '').trimEnd().toUpperCase());
}

/** Prisma's column type for a column without declared type, by its first value that is not null. */
export function inferredColumnType(rows: readonly (readonly StoredValue[])[], column: number): ColumnType {
  const value = rows.find((row) => row[column] !== null)?.[column] ?? null;
  switch (typeof value) {
    case 'string':
      return ColumnTypeEnum.Text;
    case 'bigint':
      return ColumnTypeEnum.Int64;
    case 'number':
      return ColumnTypeEnum.UnknownNumber;
    default:
      return value === null ? ColumnTypeEnum.Int32 : ColumnTypeEnum.Bytes;
  }
}

/** The value that Prisma expects for a stored one. Integers are numbers, or texts if a number would not be exact. */
export function toResultValue(value: StoredValue, type: ColumnType): unknown {
  if (value === null) {
    return null;
  }
  switch (type) {
    case ColumnTypeEnum.DateTime:
      return typeof value === 'string' ? withTimeZone(value) : new Date(Number(value)).toISOString();
    // JSONB has numeric affinity: the document `5` is stored as a number.
    case ColumnTypeEnum.Json:
      return value instanceof Uint8Array ? value : String(value);
    case ColumnTypeEnum.Int32:
    case ColumnTypeEnum.Int64:
      return typeof value === 'number' ? Math.trunc(value) : exactInteger(value);
    default:
      return exactInteger(value);
  }
}

const declaredTypes: ReadonlyMap<string, ColumnType> = new Map([
  ...entries(ColumnTypeEnum.Text, ['TEXT', 'CLOB', 'CHARACTER', 'VARCHAR', 'VARYING CHARACTER', 'NCHAR']),
  ...entries(ColumnTypeEnum.Text, ['NATIVE CHARACTER', 'NVARCHAR']),
  ...entries(ColumnTypeEnum.Int32, ['INTEGER', 'INT', 'INT2', 'TINYINT', 'SMALLINT', 'MEDIUMINT', 'SERIAL']),
  ...entries(ColumnTypeEnum.Int64, ['BIGINT', 'INT8', 'UNSIGNED BIG INT']),
  ...entries(ColumnTypeEnum.Double, ['REAL', 'DOUBLE', 'DOUBLE PRECISION', 'NUMERIC']),
  ...entries(ColumnTypeEnum.Float, ['FLOAT']),
  ...entries(ColumnTypeEnum.Numeric, ['DECIMAL']),
  ...entries(ColumnTypeEnum.DateTime, ['DATETIME', 'TIMESTAMP']),
  ...entries(ColumnTypeEnum.Date, ['DATE']),
  ...entries(ColumnTypeEnum.Time, ['TIME']),
  ...entries(ColumnTypeEnum.Boolean, ['BOOLEAN']),
  ...entries(ColumnTypeEnum.Json, ['JSONB']),
  ...entries(ColumnTypeEnum.Bytes, ['BLOB']),
]);

function entries(type: ColumnType, names: readonly string[]): (readonly [string, ColumnType])[] {
  return names.map((name) => [name, type] as const);
}

function fromText(text: string, type: ArgType | undefined): BoundValue {
  switch (type?.scalarType) {
    case 'int':
    case 'bigint':
      return toInteger(text);
    case 'float':
    case 'decimal':
      return Number(text);
    case 'datetime':
      return toTimestamp(new Date(text));
    case 'bytes':
      return Buffer.from(text, 'base64');
  }
  // The driver gives SQLite a C string, which would end here silently.
  if (text.includes('\0')) {
    throw invalidInput('text must not contain the character U+0000');
  }
  return text;
}

/** The driver binds integers of more than 32 bits as floating point. It binds a `bigint` as an integer. */
function fromNumber(value: number, type: ArgType | undefined): BoundValue {
  const isFraction = type?.scalarType === 'float' || type?.scalarType === 'decimal';
  return isFraction || !Number.isSafeInteger(value) ? value : BigInt(value);
}

function toInteger(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) {
    throw invalidInput('expected a whole number');
  }
  return BigInt(text.trim().replace(/^\+/, ''));
}

function toTimestamp(date: Date): string {
  if (Number.isNaN(date.getTime())) {
    throw invalidInput('not a point in time; expected ISO 8601, as in 2026-11-23T15:36:00.000Z');
  }
  return date.toISOString();
}

/** Functions of SQLite write `2026-11-23 15:36:00` in UTC. JavaScript would read it as local time. */
function withTimeZone(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}

function exactInteger(value: bigint | number | string | Uint8Array): number | string | Uint8Array {
  if (typeof value !== 'bigint') {
    return value;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
