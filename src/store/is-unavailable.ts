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

/** Whether an error says that the database, rather than the request, is at fault for now. */
export function isUnavailable(error: unknown): boolean {
  for (let current = error, depth = 0; isRecord(current) && depth < 6; depth += 1) {
    if (describesOutage(current)) return true;
    current = current.cause ?? (isRecord(current.meta) ? current.meta.driverAdapterError : undefined);
  }
  return false;
}

function describesOutage(error: Readonly<Record<string, unknown>>): boolean {
  const { code, kind, extendedCode, originalCode } = error;
  if (typeof code === 'string' && (unavailableCodes.has(code) || unavailableSystemCodes.has(code)))
    return true;
  if (typeof kind === 'string' && unavailableKinds.has(kind)) return true;
  if (kind === 'sqlite')
    return typeof extendedCode === 'number' && unavailableSqliteCodes.has(extendedCode & 0xff);
  if (kind === 'postgres') return unavailablePostgresClasses.test(String(code ?? originalCode));
  return /Connection terminated|timeout exceeded when trying to connect|Query read timeout/.test(
    String(error.message),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
