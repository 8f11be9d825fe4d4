import type { DirectConnection } from '../sql/direct-connection.ts';
import { LineSeal } from './line-seal.ts';
import { type Column, type Table, tables } from './tables.ts';

/** What the first line of a file says. */
export const fileHeader = { type: 'header', format: 'dtrace-gateway', version: 1 } as const;

const pageSize = 500;

/**
 * Everything in a database as JSON Lines, as it is at one moment, read in pages: memory does not grow with the size.
 * The first line is a header, the last one counts the others. Secrets are not in it, but digests of tokens are.
 */
export async function* exportLines(connection: DirectConnection): AsyncGenerator<string> {
  const seal = new LineSeal();
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
    ...names.map(([name, { column }]) => `"${column}" AS "${name}"`),
    ...table.key.map((column, index) => `"${column}" AS "${keyNames[index]}"`),
  ].join(', ');
  const key = table.key.map((column) => `"${column}"`).join(', ');
  const placeholders = table.key.map((_, index) => `$${index + 1}`).join(', ');
  let last: readonly unknown[] | undefined;
  for (;;) {
    const behind = last === undefined ? '' : `WHERE (${key}) > (${placeholders})`;
    const statement = `SELECT ${selected} FROM "${table.table}" ${behind} ORDER BY ${key} LIMIT ${pageSize}`;
    const rows = await connection.query(statement, last ?? []);
    for (const row of rows) {
      yield Object.fromEntries(names.map(([name, column]) => [name, toJson(row[name], column)]));
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageSize) return;
    last = keyNames.map((name) => end[name]);
  }
}

/** Drivers differ in what they make of times and documents. */
function toJson(value: unknown, { kind }: Column): unknown {
  if (value === null) return null;
  if (kind === 'time') return (value instanceof Date ? value : new Date(String(value))).toISOString();
  if (kind === 'json' && typeof value === 'string') return JSON.parse(value);
  return kind === 'integer' ? Number(value) : value;
}
