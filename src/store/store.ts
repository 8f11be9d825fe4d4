import type { Statistic } from '../telemetry/metrics.ts';
import type { AccountStore } from './account-store.ts';
import type { AuditStore } from './audit-store.ts';
import type { ScriptStore } from './script-store.ts';

export type * from './account-store.ts';
export type * from './audit-store.ts';
export type * from './script-store.ts';

/**
 * All data of the product, and the only access to it. Every method is one transaction. A write that resolved is on disk.
 *
 * A write takes its audit event. The event is recorded in the same transaction if the write changes something.
 */
export interface Store {
  readonly provider: Provider;
  readonly scripts: ScriptStore;
  readonly accounts: AccountStore;
  readonly audit: AuditStore;
  /** Resolves when the database answers. @throws ServiceUnavailableError otherwise */
  ping(): Promise<void>;
  /** Metrics of the access to the database. They differ by provider. */
  readonly statistics: readonly Statistic[];
  /** Finishes the running work, then closes the database. */
  close(): Promise<void>;
}

export type Provider = 'sqlite' | 'postgresql';
