import { raw, type Sql } from '@prisma/client/runtime/client';
import type { DtraceScriptColumn } from '../../dtrace/dtrace-script.ts';
import { type Columns, integer, json, quoted, text, time, uuid } from '../sql/columns.ts';
import type { DtraceScriptModel } from '../sqlite/generated/models/DtraceScript.ts';

/** The columns of `"dtrace_scripts"`. Reads, writes and transfer use this list. */
export const scriptColumns = {
  uuid: uuid('uuid'),
  name: text('name'),
  script: text('script'),
  config: json('config'),
  metadata: json('metadata'),
  revision: integer('revision'),
  createdAt: time('created_at'),
  updatedAt: time('updated_at'),
} as const satisfies Columns<DtraceScriptColumn & keyof DtraceScriptModel>;

/** The names of the columns in the order above. */
export const scriptColumnNames = Object.keys(scriptColumns) as readonly DtraceScriptColumn[];

/** `"created_at"` for `createdAt`. */
export function columnOf(name: DtraceScriptColumn): Sql {
  return raw(quoted(scriptColumns[name]));
}
