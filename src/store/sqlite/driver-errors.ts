import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';
import { codeName, codeOfMessage, primaryCode, resultCode } from './result-codes.ts';

/**
 * Runs work on a connection. Errors of the driver become `DriverAdapterError`s, which Prisma understands.
 *
 * @throws DriverAdapterError; other errors as they are
 */
export function translateErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toDriverAdapterError(error);
  }
}

/** The error of a statement after the connection was closed: P1017. */
export function connectionClosed(): DriverAdapterError {
  return new DriverAdapterError({ kind: 'ConnectionClosed' });
}

/** The error of a transaction that has ended: P1018. */
export function transactionClosed(reason: string): DriverAdapterError {
  return new DriverAdapterError({ kind: 'TransactionAlreadyClosed', cause: reason });
}

/** The error of a value that cannot be stored: P2007. */
export function invalidInput(message: string): DriverAdapterError {
  return new DriverAdapterError({ kind: 'InvalidInputValue', message, originalMessage: message });
}

/** The error of SQL that the adapter does not run, in the form of SQLite's own errors. */
export function refusedStatement(message: string): DriverAdapterError {
  return fromSqlite(resultCode.ERROR, message);
}

/**
 * Whether another connection held a lock. The same work may succeed later.
 *
 * Covers `SQLITE_BUSY`, `SQLITE_LOCKED` and `SQLITE_PROTOCOL`, a lost race for the write-ahead log.
 */
export function isBusy(error: unknown): boolean {
  return error instanceof DriverAdapterError && error.cause.kind === 'SocketTimeout';
}

/** Whether a constraint of the schema refused the data. */
export function isConstraintViolation(error: unknown): boolean {
  if (!(error instanceof DriverAdapterError)) {
    return false;
  }
  switch (error.cause.kind) {
    case 'UniqueConstraintViolation':
    case 'NullConstraintViolation':
    case 'ForeignKeyConstraintViolation':
      return true;
    case 'sqlite':
      return primaryCode(error.cause.extendedCode) === resultCode.CONSTRAINT;
    default:
      return false;
  }
}

/** An error of @photostructure/sqlite. Errors of `all()` have no numbers. */
interface DriverError extends Error {
  readonly code: string;
  readonly sqliteExtendedCode?: number;
}

function toDriverAdapterError(error: unknown): unknown {
  if (!isDriverError(error)) {
    return error;
  }
  switch (error.code) {
    case 'ERR_SQLITE_ERROR':
      return fromSqlite(error.sqliteExtendedCode ?? codeOfMessage(error.message), error.message);
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_INVALID_ARG_VALUE':
      return invalidInput(error.message);
    case 'ERR_INVALID_STATE':
      return connectionClosed();
    default:
      return error;
  }
}

function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function fromSqlite(extendedCode: number, message: string): DriverAdapterError {
  return new DriverAdapterError({
    originalCode: codeName(extendedCode),
    originalMessage: message,
    ...classify(extendedCode, message),
  });
}

function classify(extendedCode: number, message: string): MappedError {
  switch (extendedCode) {
    case resultCode.CONSTRAINT_UNIQUE:
    case resultCode.CONSTRAINT_PRIMARYKEY:
    case resultCode.CONSTRAINT_ROWID:
      return uniqueViolation(message);
    case resultCode.CONSTRAINT_NOTNULL:
      return { kind: 'NullConstraintViolation', constraint: { fields: columnsOf(message).map(lastPart) } };
    case resultCode.CONSTRAINT_FOREIGNKEY:
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
    // ON DELETE RESTRICT is a trigger inside SQLite, like a RAISE in a trigger of the schema.
    case resultCode.CONSTRAINT_TRIGGER:
      if (message === 'FOREIGN KEY constraint failed') {
        return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
      }
      break;
  }
  switch (primaryCode(extendedCode)) {
    case resultCode.BUSY:
    case resultCode.LOCKED:
    case resultCode.PROTOCOL:
      return { kind: 'SocketTimeout' };
    case resultCode.ERROR:
      return missingName(message) ?? { kind: 'sqlite', extendedCode, message };
    default:
      return { kind: 'sqlite', extendedCode, message };
  }
}

/** From `UNIQUE constraint failed: users.name, users.id`, or `… failed: index 'users_lower_name'`. */
function uniqueViolation(message: string): MappedError {
  const index = /: index '(.*)'$/.exec(message)?.[1];
  if (index !== undefined) {
    return { kind: 'UniqueConstraintViolation', constraint: { index } };
  }
  const columns = columnsOf(message);
  const table = columns[0]?.split('.').slice(0, -1).join('.');
  const violation = {
    kind: 'UniqueConstraintViolation',
    constraint: { fields: columns.map(lastPart) },
  } as const;
  return table ? { ...violation, table } : violation;
}

function missingName(message: string): MappedError | undefined {
  const table = /^no such table: (.+)$/.exec(message)?.[1];
  if (table !== undefined) {
    return { kind: 'TableDoesNotExist', table };
  }
  const column =
    /^no such column: "?(.+?)"?(?: - should this be .*)?$/.exec(message)?.[1] ??
    /has no column named (.+)$/.exec(message)?.[1];
  return column === undefined ? undefined : { kind: 'ColumnNotFound', column };
}

function columnsOf(message: string): string[] {
  return message.slice(message.indexOf(': ') + 2).split(', ');
}

function lastPart(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1);
}
