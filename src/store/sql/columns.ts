import { raw, type Sql } from '@prisma/client/runtime/client';

/** The type of a column. It decides how a value is read, checked and written. */
export type ColumnKind = 'uuid' | 'text' | 'integer' | 'time' | 'json';

export interface Column {
  /** The name in the database. */
  readonly column: string;
  readonly kind: ColumnKind;
  readonly optional?: true;
  /** The only texts that the column may hold. */
  readonly oneOf?: readonly string[];
}

/** The columns of a table by the names that the program uses. */
export type Columns<Name extends string = string> = Readonly<Record<Name, Column>>;

export const uuid = <Name extends string>(column: Name) => ({ column, kind: 'uuid' }) as const;
export const text = <Name extends string>(column: Name) => ({ column, kind: 'text' }) as const;
export const integer = <Name extends string>(column: Name) => ({ column, kind: 'integer' }) as const;
export const time = <Name extends string>(column: Name) => ({ column, kind: 'time' }) as const;
export const json = <Name extends string>(column: Name) => ({ column, kind: 'json' }) as const;
export const oneOf = <Name extends string>(column: Name, texts: readonly string[]) =>
  ({ column, kind: 'text', oneOf: texts }) as const;
export const optional = <Kind extends Column>(column: Kind) => ({ ...column, optional: true }) as const;

/** `"created_at"`. */
export function quoted({ column }: Column): string {
  return `"${column}"`;
}

/** `"created_at" AS "createdAt"`. @param table - the name or the alias of the table */
export function aliased(name: string, column: Column, table?: string): string {
  return `${table === undefined ? '' : `${table}.`}${quoted(column)} AS "${name}"`;
}

/** What a SELECT lists to read all columns under the names that the program uses. */
export function selectionOf(columns: Columns, table?: string): Sql {
  return raw(
    Object.entries(columns)
      .map(([name, column]) => aliased(name, column, table))
      .join(', '),
  );
}

/** What an INSERT lists. */
export function listOf(columns: Columns): Sql {
  return raw(Object.values(columns).map(quoted).join(', '));
}
