import { type ColumnType, ColumnTypeEnum, type SqlResultSet } from '@prisma/driver-adapter-utils';
import type { ScriptTemplate } from '../../dtrace/script-template.ts';
import { JsonText } from '../../json/json-text.ts';

export interface DecodeOptions {
  /** For answers that only pass values on: JSON as `JsonText`, times as texts such as `2026-11-23T15:36:00.000Z`. */
  readonly asText?: boolean | undefined;
  /** For rows of scripts: adds a member `json` to each. */
  readonly text?: RowText | undefined;
}

/** The template of a text for each row, and the columns to decode besides. */
export interface RowText {
  readonly template: ScriptTemplate;
  readonly besides: ReadonlySet<string>;
}

type Values = readonly unknown[];

/** Decodes the rows of a result to objects. */
export function decodeRows<Row>(
  { columnNames, columnTypes, rows }: SqlResultSet,
  { asText = false, text }: DecodeOptions = {},
): Row[] {
  const columns = columnNames
    .map((name, index) => ({ name, index, type: columnTypes[index] as ColumnType }))
    .filter(({ name }) => text === undefined || text.besides.has(name));
  const write = text && createTextWriter(text.template, columnNames, columnTypes);
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (const { name, index, type } of columns) {
      const value = values[index];
      row[name] = value === null ? null : decode(value, type, asText);
    }
    if (write) row.json = new JsonText(write(values));
    return row as Row;
  });
}

function decode(value: unknown, type: ColumnType, asText: boolean): unknown {
  switch (type) {
    case ColumnTypeEnum.DateTime:
      return asText ? toTimeText(value as string) : new Date(value as string);
    case ColumnTypeEnum.Json:
      return asText ? new JsonText(value as string) : JSON.parse(value as string);
    case ColumnTypeEnum.Int64:
      return Number(value);
    default:
      return value;
  }
}

/** Creates the function that writes a row as JSON from the values of the driver, without decoding them. */
function createTextWriter(
  { members }: ScriptTemplate,
  columnNames: readonly string[],
  columnTypes: readonly ColumnType[],
): (values: Values) => string {
  const parts: { readonly before: string; readonly index: number; readonly type: ColumnType }[] = [];
  let before = '';
  for (const [position, member] of members.entries()) {
    before += `${position === 0 ? '{' : ','}"${member.name}":`;
    if ('constant' in member) {
      before += member.constant;
      continue;
    }
    const index = columnNames.indexOf(member.column);
    parts.push({ before, index, type: columnTypes[index] as ColumnType });
    before = '';
  }
  const end = `${before}}`;
  return (values) => {
    let text = '';
    for (const part of parts) text += part.before + encode(values[part.index], part.type);
    return text + end;
  };
}

function encode(value: unknown, type: ColumnType): string {
  if (value === null) return 'null';
  switch (type) {
    case ColumnTypeEnum.Json:
      return value as string;
    case ColumnTypeEnum.DateTime:
      return `"${toTimeText(value as string)}"`;
    default:
      return JSON.stringify(value);
  }
}

/** SQLite stores times in this form. Parsing and writing them would take most of the time of a list. */
function toTimeText(value: string): string {
  return value.length === 24 && value.endsWith('Z') ? value : new Date(value).toISOString();
}
