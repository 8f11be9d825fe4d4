import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { Origin } from '../audit/audit-event.ts';
import type { Viewer } from '../identity/viewer.ts';

export interface RestEnv {
  /** Whether the request is addressed to this doorway: the router says no to what it does not know. */
  Bindings: { isOurs: boolean; readonly received?: IncomingMessage | undefined };
  Variables: {
    /** Who asks. */
    viewer: Viewer;
    /** Who asks, and from where, for the audit trail. */
    origin: () => Origin;
  };
}

/** A request to one of the routes. */
export type RestContext = Context<RestEnv>;
