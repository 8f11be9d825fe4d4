/**
 * The result codes of SQLite that the adapter distinguishes.
 *
 * @see https://www.sqlite.org/rescode.html
 */
export const resultCode = {
  ERROR: 1,
  BUSY: 5,
  LOCKED: 6,
  PROTOCOL: 15,
  CONSTRAINT: 19,
  CONSTRAINT_CHECK: 275,
  CONSTRAINT_FOREIGNKEY: 787,
  CONSTRAINT_NOTNULL: 1299,
  CONSTRAINT_PRIMARYKEY: 1555,
  CONSTRAINT_TRIGGER: 1811,
  CONSTRAINT_UNIQUE: 2067,
  CONSTRAINT_ROWID: 2579,
} as const;

/** The primary code of an extended code: 19 (a constraint) for 787 (a foreign key). */
export function primaryCode(extendedCode: number): number {
  return extendedCode & 0xff;
}

/** `SQLITE_CONSTRAINT_UNIQUE` for 2067. A code without a name has the name of its primary code. */
export function codeName(extendedCode: number): string {
  const name = names.get(extendedCode) ?? primaryCodes[primaryCode(extendedCode)]?.[0];
  return name === undefined ? `SQLITE_${extendedCode}` : `SQLITE_${name}`;
}

/**
 * The code of a message, for errors without a code.
 *
 * The `all()` of the driver throws only the message. SQLite writes each message of a constraint in one place, and takes
 * other messages from a table, so a message tells its code. A text that a trigger raises is `SQLITE_ERROR`.
 */
export function codeOfMessage(message: string): number {
  const constraint = constraintMessages.find(([start]) => message.startsWith(start));
  if (constraint !== undefined) {
    return constraint[1];
  }
  const code = primaryCodes.findIndex((entry) => entry?.[1] === message);
  return code === -1 ? resultCode.ERROR : code;
}

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(resultCode).map(([name, code]) => [code, name]),
);

const constraintMessages: readonly (readonly [start: string, code: number])[] = [
  ['UNIQUE constraint failed: ', resultCode.CONSTRAINT_UNIQUE],
  ['NOT NULL constraint failed: ', resultCode.CONSTRAINT_NOTNULL],
  ['FOREIGN KEY constraint failed', resultCode.CONSTRAINT_FOREIGNKEY],
  ['CHECK constraint failed: ', resultCode.CONSTRAINT_CHECK],
];

/** By code: its name, and its general message. */
const primaryCodes: readonly (readonly [name: string, message: string] | undefined)[] = [
  undefined,
  ['ERROR', 'SQL logic error'],
  ['INTERNAL', 'unknown error'],
  ['PERM', 'access permission denied'],
  ['ABORT', 'query aborted'],
  ['BUSY', 'database is locked'],
  ['LOCKED', 'database table is locked'],
  ['NOMEM', 'out of memory'],
  ['READONLY', 'attempt to write a readonly database'],
  ['INTERRUPT', 'interrupted'],
  ['IOERR', 'disk I/O error'],
  ['CORRUPT', 'database disk image is malformed'],
  ['NOTFOUND', 'unknown operation'],
  ['FULL', 'database or disk is full'],
  ['CANTOPEN', 'unable to open database file'],
  ['PROTOCOL', 'locking protocol'],
  ['EMPTY', 'table contains no data'],
  ['SCHEMA', 'database schema has changed'],
  ['TOOBIG', 'string or blob too big'],
  ['CONSTRAINT', 'constraint failed'],
  ['MISMATCH', 'datatype mismatch'],
  ['MISUSE', 'bad parameter or other API misuse'],
  ['NOLFS', 'large file support is disabled'],
  ['AUTH', 'authorization denied'],
  undefined,
  ['RANGE', 'column index out of range'],
  ['NOTADB', 'file is not a database'],
];
