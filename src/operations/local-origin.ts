import { userInfo } from 'node:os';
import { type Origin, toTarget } from '../audit/audit-event.ts';

/** Whoever runs the command, by the name that the operating system has for them. */
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

/** In a container, the number of the user may be all that there is. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
