import type { IncomingMessage } from 'node:http';
import type { Origin } from '../audit/audit-event.ts';
import type { Viewer } from '../identity/viewer.ts';
import { requestFactsOf } from './settle-headers.ts';

/** Who made a request, and from where, for the audit trail. */
export function originOf(
  request: Request | IncomingMessage,
  viewer: Viewer | null,
  via: Origin['via'],
): Origin {
  const { id, address } = requestFactsOf(request);
  return {
    via,
    requestId: id,
    address,
    userId: viewer?.userId ?? null,
    userName: viewer?.name ?? null,
    tokenId: viewer?.token.id ?? null,
  };
}
