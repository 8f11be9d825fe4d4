/**
 * The result codes of SQLite that this room tells apart.
 *
 * @see https://www.sqlite.org/rescode.html
 */
export const ResultCode = {
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

/** The primary code that an extended one refines: 787 (a foreign key) is a 19 (a constraint). */
export function primaryCode(extendedCode: number): number {
  return extendedCode & 0xff;
}

/** `SQLITE_CONSTRAINT_UNIQUE` for 2067; a code without a name of its own takes its primary one's. */
export function codeName(extendedCode: number): string {
  const name = NAMES.get(extendedCode) ?? PRIMARY_CODES[primaryCode(extendedCode)]?.[0];
  return name === undefined ? `SQLITE_${extendedCode}` : `SQLITE_${name}`;
}

/**
 * The code behind a message, for errors that come without one.
 *
 * The driver's `all()` throws the message alone. SQLite composes those of constraints in one place each and
 * takes the others from a fixed table, so the code can be read back; a text of the schema's author, raised in
 * a trigger, is a plain `SQLITE_ERROR`.
 */
export function codeOfMessage(message: string): number {
  const constraint = CONSTRAINT_MESSAGES.find(([start]) => message.startsWith(start));
  if (constraint !== undefined) {
    return constraint[1];
  }
  const code = PRIMARY_CODES.findIndex((entry) => entry?.[1] === message);
  return code === -1 ? ResultCode.ERROR : code;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ResultCode).map(([name, code]) => [code, name]),
);

const CONSTRAINT_MESSAGES: readonly (readonly [start: string, code: number])[] = [
  ['UNIQUE constraint failed: ', ResultCode.CONSTRAINT_UNIQUE],
  ['NOT NULL constraint failed: ', ResultCode.CONSTRAINT_NOTNULL],
  ['FOREIGN KEY constraint failed', ResultCode.CONSTRAINT_FOREIGNKEY],
  ['CHECK constraint failed: ', ResultCode.CONSTRAINT_CHECK],
];

/** By code: its name, and the message SQLite gives where it has nothing more precise to say. */
const PRIMARY_CODES: readonly (readonly [name: string, message: string] | undefined)[] = [
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
