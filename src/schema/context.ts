import type { Viewer } from '../identity/viewer.ts';
import type { AccountOperations } from '../operations/account-operations.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import type { ScriptLoader } from './script-loader.ts';

/** What is known of a request before its operation is looked at. */
export interface RequestContext {
  /** Who asks; null when the request carries no token. A write may extend what the viewer holds. */
  viewer: Viewer | null;
}

/** What every resolver of one request is given. */
export interface GatewayContext extends RequestContext {
  readonly scripts: ScriptOperations;
  readonly accounts: AccountOperations;
  readonly loader: ScriptLoader;
}
