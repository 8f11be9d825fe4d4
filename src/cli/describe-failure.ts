import { ConfigError } from '../config.ts';
import { GatewayError, reasonOf, ServiceUnavailableError } from '../errors.ts';
import { PermissionSyntaxError } from '../permissions/permission.ts';
import { isDatabaseAnswer } from '../store/sql/failures.ts';
import { MigrationError } from '../store/sql/migrate.ts';
import { DamagedFileError } from '../store/transfer/line-seal.ts';
import { DatabaseError } from './open-database.ts';
import { OutputError } from './run.ts';
import { WorkerError } from './workers.ts';

/** Errors whose message is clear to a user of a terminal. */
const expected = [
  ConfigError,
  DamagedFileError,
  DatabaseError,
  MigrationError,
  OutputError,
  WorkerError,
  PermissionSyntaxError,
  GatewayError,
];

/** The text for the terminal when a command fails: one line, or a stack for an unexpected error. */
export function describeFailure(error: unknown): string {
  if (error instanceof ServiceUnavailableError) return `The database failed: ${reasonOf(error)}.`;
  if (expected.some((kind) => error instanceof kind)) return (error as Error).message;
  return (
    describeFileFailure(error) ??
    describeListenFailure(error) ??
    (isDatabaseAnswer(error) ? `The database refused a statement: ${reasonOf(error)}.` : undefined) ??
    (error instanceof Error ? (error.stack ?? error.message) : String(error))
  );
}

/** Describes an error about a file; undefined for other errors. */
function describeFileFailure(error: unknown): string | undefined {
  const { syscall, code, path } = error as NodeJS.ErrnoException;
  if (path === undefined || !['open', 'read', 'write', 'rename'].includes(syscall ?? '')) return undefined;
  return code === 'ENOENT' ? `There is no ${path}.` : `The file ${path} cannot be used: ${code}.`;
}

/** Describes why the server could not listen; undefined for other errors. */
function describeListenFailure(error: unknown): string | undefined {
  const { syscall, code, address, port, hostname } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
    readonly hostname?: string;
  };
  if (syscall === 'getaddrinfo')
    return `HOST ${JSON.stringify(hostname)} is not known here (${code}). Mend HOST.`;
  if (syscall !== 'listen' && syscall !== 'bind') return undefined;
  if (code === 'EADDRINUSE') return `Port ${port} of ${address} is in use. Set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} needs more rights. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${address}. Mend HOST.`;
  return `The server cannot listen on port ${port} of ${address}: ${code}. Mend HOST or PORT.`;
}
