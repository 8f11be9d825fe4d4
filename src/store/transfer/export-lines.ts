import { aliased, type Column } from '../sql/columns.ts';
import type { DirectConnection } from '../sql/direct-connection.ts';
import { createLineSeal } from './line-seal.ts';
import { type Table, tables } from './tables.ts';

/** The first line of a file. */
export const fileHeader = { type: 'header', format: 'dtrace-gateway', version: 1 } as const;

const pageSize = 500;

/**
 * Exports a database as JSON Lines, as it is at one moment. It reads pages, so memory does not grow with the database.
 *
 * The first line is a header. The last line counts the records. The export holds the digests of tokens, but no tokens.
 */
export async function* exportLines(connection: DirectConnection): AsyncGenerator<string> {
  const seal = createLineSeal();
  let records = 0;
  await connection.begin('snapshot');
  try {
    yield seal.write({ ...fileHeader, exportedAt: new Date().toISOString() });
    for (const table of tables) {
      for await (const record of readTable(connection, table)) {
        yield seal.write({ type: table.type, ...record });
        records += 1;
      }
    }
    yield seal.write({ type: 'end', records });
  } finally {
    await connection.rollback();
  }
}

async function* readTable(connection: DirectConnection, table: Table) {
  const names = Object.entries(table.columns);
  const keyNames = table.key.map((_, index) => `key ${index}`);
  const selected = [
    ...names.map(([name, column]) => aliased(name, column)),
    ...table.key.map((column, index) => `"${column}" AS "${keyNames[index]}"`),
  ].join(', ');
  const key = table.key.map((column) => `"${column}"`).join(', ');
  const placeholders = table.key.map((_, index) => `$${index + 1}`).join(', ');
  let last: readonly unknown[] | undefined;
  for (;;) {
    const afterLast = last === undefined ? '' : `WHERE (${key}) > (${placeholders})`;
    const statement = `SELECT ${selected} FROM "${table.table}" ${afterLast} ORDER BY ${key} LIMIT ${pageSize}`;
    const rows = await connection.query(statement, last ?? []);
    for (const row of rows) {
      yield Object.fromEntries(names.map(([name, column]) => [name, toJson(row[name], column)]));
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageSize) return;
    last = keyNames.map((name) => end[name]);
  }
}

/** The drivers return times and documents in different forms. */
function toJson(value: unknown, { kind }: Column): unknown {
  if (value === null) return null;
  if (kind === 'time') return (value instanceof Date ? value : new Date(String(value))).toISOString();
  if (kind === 'json' && typeof value === 'string') return JSON.parse(value);
  return kind === 'integer' ? Number(value) : value;
}
