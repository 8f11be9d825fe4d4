import type { Viewer } from '../identity/viewer.ts';
import type { AccountOperations } from '../operations/account-operations.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import type { ScriptLoader } from './script-loader.ts';

/** What every resolver of one request is given. */
export interface GatewayContext {
  /** Who asks; null when the request carries no token. A write may extend what the viewer holds. */
  viewer: Viewer | null;
  readonly scripts: ScriptOperations;
  readonly accounts: AccountOperations;
  readonly loader: ScriptLoader;
}
