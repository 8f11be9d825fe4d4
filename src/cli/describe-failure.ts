import { ConfigError } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { isUnavailable } from '../store/is-unavailable.ts';
import { MigrationError } from '../store/migrate.ts';

/** What a terminal is told when a command fails: one clear line, or a stack for what nobody expected. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message;
  if (error instanceof GatewayError && error.code !== 'SERVICE_UNAVAILABLE') return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} of ${address} is in use. Set PORT to another one.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || (code === 'ENOTFOUND' && port === undefined)) {
    return `This machine has no address ${address ?? 'as HOST names'}. Mend HOST.`;
  }
  if (isFileProblem(code) || isUnavailable(error)) {
    return `The database cannot be used: ${rootMessage(error)}. Mend DATABASE_URL, or what it points to.`;
  }
  return error.stack ?? error.message;
}

function isFileProblem(code: string | undefined): boolean {
  return (
    code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ENOENT'].includes(code)
  );
}

function rootMessage(error: Error): string {
  let root = error;
  while (root.cause instanceof Error) root = root.cause;
  return root.message.split('\n').at(-1)?.replace(/\.$/, '') || root.name;
}
