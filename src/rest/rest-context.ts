import type { Context } from 'hono';
import type { Viewer } from '../identity/viewer.ts';

export interface RestEnv {
  /** Whether the request is addressed to this doorway: the router says no to what it does not know. */
  Bindings: { isOurs: boolean };
  /** Who asks. */
  Variables: { viewer: Viewer };
}

/** A request to one of the routes. */
export type RestContext = Context<RestEnv>;
