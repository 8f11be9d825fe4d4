/** Prisma's codes for a database that cannot be reached, is too busy, or has closed the connection. */
const unavailableCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037']);

/** The names of the same failures in driver adapters. They are in the cause of the error of a raw query. */
const unavailableKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
  'AuthenticationFailed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
]);

/** SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const unavailableSqliteCodes = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

/**
 * SQLSTATEs of a PostgreSQL server that is unavailable. Classes: connection (08), authentication (28), insufficient
 * resources (53), operator intervention (57), system (58), configuration (F0). Single codes: read-only server (25006),
 * transaction timeouts (25P03, 25P04), missing database (3D000), unknown whether committed (40003), object in use or locked
 * (55006, 55P03), snapshot too old (72000), damaged files (XX001, XX002).
 */
const unavailablePostgresCodes =
  /^(08|28|53|57|58|F0)...$|^(25006|25P03|25P04|3D000|40003|55006|55P03|72000|XX001|XX002)$/;

const unavailableSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);

/** Messages of the PostgreSQL driver, without code, for connections that broke or timed out. */
const brokenConnection =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout/;

/** Thrown if the gateway cannot work with a connection. The message is one line without a full stop. */
export class UnusableConnectionError extends Error {
  override readonly name = 'UnusableConnectionError';
}

/** Whether the database has failed, and not the request. */
export function isUnavailable(error: unknown): boolean {
  return causesOf(error).some(describesOutage);
}

/** Whether a transaction was rolled back because of a conflict with another one. It can be tried again. */
export function isTransactionConflict(error: unknown): boolean {
  return causesOf(error).some(({ code, kind }) => code === 'P2034' || kind === 'TransactionWriteConflict');
}

/** Whether an error is the answer of a database to a statement. */
export function isDatabaseAnswer(error: unknown): boolean {
  return causesOf(error).some(({ name }) => name === 'DriverAdapterError');
}

function causesOf(error: unknown): readonly Readonly<Record<string, unknown>>[] {
  const causes: Readonly<Record<string, unknown>>[] = [];
  for (let current = error; isRecord(current) && causes.length < 6; ) {
    causes.push(current);
    current = current.cause ?? (isRecord(current.meta) ? current.meta.driverAdapterError : undefined);
  }
  return causes;
}

function describesOutage(error: Readonly<Record<string, unknown>>): boolean {
  const { code, kind, extendedCode, originalCode, message } = error;
  if (typeof code === 'string' && (unavailableCodes.has(code) || unavailableSystemCodes.has(code)))
    return true;
  if (typeof kind === 'string' && unavailableKinds.has(kind)) return true;
  if (kind === 'sqlite')
    return typeof extendedCode === 'number' && unavailableSqliteCodes.has(extendedCode & 0xff);
  if (kind === 'postgres') return unavailablePostgresCodes.test(String(code ?? originalCode));
  if (error instanceof UnusableConnectionError) return true;
  return brokenConnection.test(String(message));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
