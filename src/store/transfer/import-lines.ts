import { z } from 'zod';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { ConflictError } from '../../errors.ts';
import { findJsonFault, findTextFault } from '../../json/json-value.ts';
import { type ColumnKind, quoted } from '../sql/columns.ts';
import type { DirectConnection } from '../sql/direct-connection.ts';
import { fileHeader } from './export-lines.ts';
import { createLineSeal, DamagedFileError } from './line-seal.ts';
import { auditTrail, type Table, tables } from './tables.ts';

/** The rows of one statement. */
const batchSize = 100;

/** Greater than every limit that a setting allows. */
const maxDepth = 250;

/**
 * Imports the lines of `exportLines` into an empty database, in one transaction.
 *
 * @param event - recorded in the same transaction
 * @param onProgress - gets the number of records that were read so far
 * @returns the number of imported records
 * @throws DamagedFileError that names the line; nothing is changed
 * @throws ConflictError if the database is not empty; nothing is changed
 */
export async function importLines(
  connection: DirectConnection,
  lines: AsyncIterable<string>,
  event: AuditEvent,
  onProgress: (records: number) => void = () => {},
): Promise<number> {
  const seal = createLineSeal();
  let number = 0;
  let records = 0;
  let ended = false;
  let batch: Batch | undefined;

  await connection.begin('exclusive');
  try {
    await expectEmpty(connection);
    for await (const line of lines) {
      number += 1;
      if (ended) throw new DamagedFileError(number, 'nothing may follow the end.');
      const record = seal.read(line, number);
      if (number === 1) {
        checkHeader(record);
      } else if (record.type === 'end') {
        if (record.records !== records) throw new DamagedFileError(number, 'records are missing.');
        ended = true;
      } else {
        const table = tables.find(({ type }) => type === record.type);
        if (table === undefined) throw new DamagedFileError(number, `"${record.type}" is unknown here.`);
        const row = readRow(table, record, number);
        if (batch !== undefined && (batch.table !== table || batch.rows.length === batchSize)) {
          await writeBatch(connection, batch);
          batch = undefined;
        }
        batch ??= { table, firstLine: number, rows: [] };
        batch.rows.push(row);
        records += 1;
        onProgress(records);
      }
    }
    if (batch !== undefined) await writeBatch(connection, batch);
    if (!ended) throw new DamagedFileError(number + 1, 'the file ends too early.');
    const imported = { ...event, target: `${records} records` };
    await writeBatch(connection, {
      table: auditTrail,
      firstLine: number,
      rows: [rowOf(auditTrail, imported)],
    });
    await connection.commit();
    return records;
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  }
}

interface Batch {
  readonly table: Table;
  readonly firstLine: number;
  readonly rows: (readonly unknown[])[];
}

/** The audit trail may hold events: failed actions on a new database are recorded. */
async function expectEmpty(connection: DirectConnection): Promise<void> {
  for (const { table } of tables.filter((table) => table !== auditTrail)) {
    const rows = await connection.query(`SELECT 1 AS "found" FROM "${table}" LIMIT 1`);
    if (rows.length > 0) {
      throw new ConflictError(
        `The database is not empty: "${table}" holds something. Import into a new one, before the first start.`,
      );
    }
  }
}

function checkHeader({ format, version }: Readonly<Record<string, unknown>>): void {
  if (format !== fileHeader.format) throw new DamagedFileError(1, 'this is not an export of the gateway.');
  if (version !== fileHeader.version) {
    throw new DamagedFileError(1, `version ${version} of the format is unknown here; use a newer gateway.`);
  }
}

const text = z.string().refine((value) => findTextFault(value) === undefined, 'cannot be stored');
const kinds: Readonly<Record<ColumnKind, z.ZodType>> = {
  uuid: z.string().regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, 'is no UUID'),
  text,
  integer: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  time: z.iso.datetime({ precision: 3 }),
  json: z
    .record(z.string(), z.unknown())
    .refine((value) => findJsonFault(value, maxDepth) === undefined, 'cannot be stored'),
};

function readRow(table: Table, record: Readonly<Record<string, unknown>>, line: number): unknown[] {
  return Object.entries(table.columns).map(([name, column]) => {
    const value = record[name];
    if (value === null && column.optional) return null;
    const checked = (column.oneOf ? z.enum(column.oneOf) : kinds[column.kind]).safeParse(value);
    if (!checked.success) {
      throw new DamagedFileError(line, `"${name}" is not right (${checked.error.issues[0]?.message}).`);
    }
    return column.kind === 'json' ? JSON.stringify(value) : value;
  });
}

function rowOf(table: Table, event: AuditEvent): unknown[] {
  return Object.keys(table.columns).map((name) => {
    const value = event[name as keyof AuditEvent];
    return value instanceof Date ? value.toISOString() : value;
  });
}

async function writeBatch(connection: DirectConnection, { table, firstLine, rows }: Batch): Promise<void> {
  const columns = Object.values(table.columns).map(quoted);
  let parameter = 0;
  const values = rows.map(() => `(${columns.map(() => `$${++parameter}`).join(', ')})`);
  const statement = `INSERT INTO "${table.table}" (${columns.join(', ')}) VALUES ${values.join(', ')}`;
  try {
    await connection.query(statement, rows.flat());
  } catch (error) {
    if (!connection.isRefusal(error)) throw error;
    const refused = rows.length === 1 ? 'it' : `one of ${rows.length} records from here`;
    throw new DamagedFileError(firstLine, `the database refuses ${refused} (${error.message}).`);
  }
}
