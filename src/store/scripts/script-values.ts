import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { DtraceScript, DtraceScriptColumn } from '../../dtrace/dtrace-script.ts';
import { listOf } from '../sql/columns.ts';
import type { Dialect } from '../sql/dialect.ts';
import { columnOf, scriptColumnNames, scriptColumns } from './script-columns.ts';

/** The statement that inserts a script, as a record of `SqlDatabase.write`. */
export function insertionOf(script: DtraceScript, dialect: Dialect): Sql {
  const values = scriptColumnNames.map((name) => storedValueOf(name, script[name], dialect));
  return sql`
    INSERT INTO "dtrace_scripts" (${listOf(scriptColumns)}, "changed_in")
    SELECT ${join(values)}, ${dialect.changeNumber} FROM "written"`;
}

/** The parts of an UPDATE that set columns. Undefined values are left out. */
export function assignmentsOf(
  changes: { readonly [Name in DtraceScriptColumn]?: DtraceScript[Name] | undefined },
  dialect: Dialect,
): Sql[] {
  return scriptColumnNames.flatMap((name) => {
    const value = changes[name];
    return value === undefined ? [] : [sql`${columnOf(name)} = ${storedValueOf(name, value, dialect)}`];
  });
}

function storedValueOf(
  name: DtraceScriptColumn,
  value: DtraceScript[DtraceScriptColumn],
  dialect: Dialect,
): Sql {
  switch (scriptColumns[name].kind) {
    case 'uuid':
      return dialect.uuid(value as string);
    case 'json':
      return dialect.json(value);
    default:
      return sql`${value}`;
  }
}
