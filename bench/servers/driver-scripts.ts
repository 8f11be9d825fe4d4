import type { DtraceScript } from '../../src/store/sqlite/generated/client.ts';
import { isSqlite, type NamedRow, type Statements } from './statements.ts';
import type { Column, StockScripts } from './stock-schema.ts';

/** Reads and writes scripts with prepared statements of the driver, without Prisma. */
export function createDriverScripts(statements: Statements): StockScripts {
  const { among, listOf, read } = isSqlite() ? sqlite : postgresql;
  const rows = async (columns: readonly Column[], rest: string, values: readonly unknown[]) => {
    const found = await statements.all(
      `SELECT ${columns.map(selected).join(', ')} FROM "dtrace_scripts" ${rest}`,
      values,
    );
    return found.map(read) as unknown as DtraceScript[];
  };
  return {
    find: async (uuid, columns) => (await rows(columns, 'WHERE "uuid" = $1', [uuid]))[0] ?? null,
    list: (uuids, first, columns) =>
      uuids === 'all'
        ? rows(columns, 'ORDER BY "created_at", "dtrace_scripts"."uuid" LIMIT $1', [first])
        : rows(
            columns,
            `WHERE "uuid" ${among('$2')} ORDER BY "created_at", "dtrace_scripts"."uuid" LIMIT $1`,
            [first, listOf(uuids)],
          ),
    findMany: (uuids, columns) => rows(columns, `WHERE "uuid" ${among('$1')}`, [listOf(uuids)]),
    setMetadata: async (uuid, path, value) => {
      const [isDone] = await statements.setMetadata([{ uuid, path, value: JSON.stringify(value) }]);
      if (!isDone) throw new Error('The script is not there, or something is in the way.');
    },
  };
}

const names: Partial<Record<Column, string>> = { createdAt: 'created_at', updatedAt: 'updated_at' };

function selected(column: Column): string {
  return names[column] === undefined ? `"${column}"` : `"${names[column]}" AS "${column}"`;
}

const sqlite = {
  among: (parameter: string) => `IN (SELECT "value" FROM json_each(${parameter}))`,
  listOf: (uuids: readonly string[]): unknown => JSON.stringify(uuids),
  read: (row: NamedRow): NamedRow => {
    const read: Record<string, unknown> = { ...row };
    for (const name of ['config', 'metadata']) {
      if (typeof row[name] === 'string') read[name] = JSON.parse(row[name]);
    }
    return read;
  },
};

const postgresql: typeof sqlite = {
  among: (parameter) => `= ANY(${parameter}::uuid[])`,
  listOf: (uuids) => uuids,
  // The driver has already parsed JSON and times.
  read: (row) => row,
};
