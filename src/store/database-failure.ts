/** Prisma's codes for a database that cannot be reached, is too busy, or has closed the connection. */
const unavailableCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037']);

/** What driver adapters call the same, found in the cause of a raw query's error. */
const unavailableKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
]);

/** SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const unavailableSqliteCodes = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

/** PostgreSQL's classes: connection, insufficient resources, operator intervention (57), system (58). */
const unavailablePostgresClasses = /^(08|53|57|58)/;

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

/** What the driver of PostgreSQL says, without any code, of connections that broke or could not be made in time. */
const brokenConnection =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout/;

/** Whether an error says that the database, rather than the request, is at fault for now. */
export function isUnavailable(error: unknown): boolean {
  return causesOf(error).some(describesOutage);
}

/** Whether a transaction was undone because it and another one stood in each other's way: it can be tried again. */
export function isTransactionConflict(error: unknown): boolean {
  return causesOf(error).some(({ code, kind }) => code === 'P2034' || kind === 'TransactionWriteConflict');
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
  if (kind === 'postgres') return unavailablePostgresClasses.test(String(code ?? originalCode));
  return brokenConnection.test(String(message));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
