import { userInfo } from 'node:os';
import { type Origin, toTarget } from '../audit/audit-event.ts';

/** The origin of the command line: the operating system user. */
export function localOrigin(): Origin {
  return {
    via: 'COMMAND_LINE',
    requestId: null,
    address: null,
    userId: null,
    userName: toTarget(userName()),
    tokenId: null,
  };
}

/** In a container the user may have only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
