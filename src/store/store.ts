import type { AuditEvent } from '../audit/audit-event.ts';
import type { DtraceScript, DtraceScriptColumn, ScriptTemplate } from '../dtrace/dtrace-script.ts';
import type { JsonObject } from '../json/json-object.ts';
import type { JsonText } from '../json/json-text.ts';
import type { MetadataPath } from '../json/metadata-path.ts';
import type { Statistic } from '../telemetry/metrics.ts';

/**
 * What the product keeps, and the only way to it. Every method is one transaction; a write that resolved is on disk.
 * Writes take the event that the audit trail has of them: it is recorded in the same transaction, when they change something.
 */
export interface Store {
  readonly provider: Provider;
  readonly scripts: ScriptStore;
  readonly accounts: AccountStore;
  readonly audit: AuditStore;
  /** Resolves when the database answers. @throws ServiceUnavailableError otherwise */
  ping(): Promise<void>;
  /** What can be counted of the way to the database; differs by provider. */
  readonly statistics: readonly Statistic[];
  /** Finishes what is under way and lets go of the database. */
  close(): Promise<void>;
}

export type Provider = 'sqlite' | 'postgresql';

/** The scripts that a caller may see: all, or those whose UUIDs are listed. */
export type Visibility = 'all' | ReadonlySet<string>;

export type OrderField = 'name' | 'createdAt' | 'updatedAt';

export interface ScriptOrder {
  readonly field: OrderField;
  readonly direction: 'asc' | 'desc';
}

/** A place in an ordered list: the value ordered by, and the UUID that breaks ties. */
export interface ScriptPosition {
  readonly value: string | Date;
  readonly uuid: string;
}

export interface DateTimeRange {
  readonly gt?: Date | undefined;
  readonly gte?: Date | undefined;
  readonly lt?: Date | undefined;
  readonly lte?: Date | undefined;
}

export interface MetadataCondition {
  readonly path: MetadataPath;
  readonly isSet?: boolean | undefined;
  /** A JSON value; the condition is absent when the member is. */
  readonly equals?: unknown;
}

/** Conditions that must all hold. */
export interface ScriptFilter {
  readonly name?:
    | { readonly equals?: string | undefined; readonly contains?: string | undefined }
    | undefined;
  readonly metadata?: readonly MetadataCondition[] | undefined;
  readonly createdAt?: DateTimeRange | undefined;
  readonly updatedAt?: DateTimeRange | undefined;
}

export interface ScriptSelection {
  readonly visible: Visibility;
  readonly filter: ScriptFilter;
}

export interface ScriptPage extends ScriptSelection {
  readonly order: ScriptOrder;
  readonly after?: ScriptPosition | undefined;
  readonly limit: number;
}

/** A script of which only the asked columns were fetched. */
export type ScriptRow<Column extends DtraceScriptColumn = DtraceScriptColumn> = Pick<DtraceScript, Column>;
export type PartialScript = Partial<Pick<DtraceScript, 'name' | 'script' | 'revision'>> &
  Pick<DtraceScript, 'uuid'> & {
    readonly config?: JsonText;
    readonly metadata?: JsonText;
    /** As `2026-11-23T15:36:00.000Z`. */
    readonly createdAt?: string;
    readonly updatedAt?: string;
    /** The text that was asked for. */
    readonly json?: JsonText;
    /** By what a list found it in its place, where it was read after it had moved on. */
    readonly placedBy?: string;
  };

/** What became of a write to one script. */
export type WriteOutcome =
  | { readonly status: 'written'; readonly revision: number }
  | { readonly status: 'missing' }
  | { readonly status: 'moved'; readonly revision: number };

export type MetadataOutcome =
  | WriteOutcome
  | { readonly status: 'obstructed'; readonly at: MetadataPath }
  | { readonly status: 'absent' }
  | { readonly status: 'too-large' };

/** How much may be read for one answer. */
export interface ReadBudget {
  /** Counts bytes that are read, once for each place in the answer. @throws GatewayError when they are too many */
  spendOnReading(bytes: number): void;
  /** @throws GatewayError when so many bytes more would be too many */
  checkReading(bytes: number): void;
}

export interface ScriptStore {
  /**
   * @param text - to be put together of each script, besides the columns
   * @param budget - what is beyond it is not read
   */
  list(
    page: ScriptPage,
    columns: readonly DtraceScriptColumn[],
    text?: ScriptTemplate,
    budget?: ReadBudget,
  ): Promise<readonly PartialScript[]>;
  count(selection: ScriptSelection): Promise<number>;
  /** Scripts position for position; null for one that does not exist. The same object for the same UUID. */
  findMany(
    uuids: readonly string[],
    columns: readonly DtraceScriptColumn[],
    text?: ScriptTemplate,
    budget?: ReadBudget,
  ): Promise<readonly (PartialScript | null)[]>;
  /** Adds a script and grants its creator a permission. @returns false, with neither done, when the creator is gone */
  create(
    script: DtraceScript,
    grant: { readonly userId: string; readonly permission: string },
    event: AuditEvent,
  ): Promise<boolean>;
  update(
    uuid: string,
    changes: {
      readonly name?: string | undefined;
      readonly script?: string | undefined;
      readonly config?: JsonObject | undefined;
    },
    write: WriteOptions,
  ): Promise<WriteOutcome>;
  /** Removes a script and every grant that names it. */
  delete(uuid: string, write: WriteOptions): Promise<WriteOutcome>;
  /** Sets every member in the object at the path, all or none. The object is created; an empty path is the root. */
  setMetadata(
    uuid: string,
    path: MetadataPath,
    members: JsonObject,
    write: WriteOptions & { readonly maxBytes: number },
  ): Promise<MetadataOutcome>;
  unsetMetadata(uuid: string, path: MetadataPath, write: WriteOptions): Promise<MetadataOutcome>;
}

export interface WriteOptions {
  readonly ifRevision?: number | undefined;
  /** Also says when. */
  readonly event: AuditEvent;
}

/** A user at the moment of a request. */
export interface UserState {
  readonly userId: string;
  readonly userName: string;
  /** Grows whenever the permissions of the user may have changed. */
  readonly permissionsVersion: number;
  /** The version since which nothing happened to them but that grants to the user were added. */
  readonly permissionsResetVersion: number;
}

export interface TokenOwner extends UserState {
  readonly tokenId: string;
  readonly label: string | null;
  readonly expiresAt: Date | null;
}

export interface NewToken {
  readonly id: string;
  readonly digest: string;
  readonly label: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export interface TokenSummary {
  readonly id: string;
  readonly user: string;
  readonly label: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface AccountSummary {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

export interface UserSummary extends AccountSummary {
  readonly subject: string | null;
  readonly roles: readonly string[];
}

/** What became of adding something: `exists` when it was there already, `taken` when it belongs to somebody else. */
export type AddOutcome = 'added' | 'exists' | 'no-holder' | 'no-role' | 'taken';
export type RemoveOutcome = 'removed' | 'absent' | 'no-holder' | 'no-role';
export type Holder = 'user' | 'role';

export interface AccountStore {
  /** The owner of a token by the token's digest; nobody's when it is revoked or, by then, expired. */
  findToken(digest: string, at: Date): Promise<TokenOwner | null>;
  /** The user whom an issuer of JSON Web Tokens calls so. */
  findSubject(subject: string): Promise<UserState | null>;
  /** What a user holds, directly and through roles; duplicates possible. */
  permissionsOf(userId: string): Promise<string[]>;
  /** What was granted to a user directly after a version of the user's permissions. */
  permissionsAddedTo(userId: string, afterVersion: number): Promise<string[]>;
  rolesOf(userId: string): Promise<string[]>;
  /** On a database without users and scripts: adds a first user with one permission, one token and some scripts. */
  bootstrap(first: {
    readonly user: { readonly id: string; readonly name: string };
    readonly permission: string;
    readonly token: NewToken;
    readonly scripts: readonly DtraceScript[];
    readonly event: AuditEvent;
  }): Promise<boolean>;
  /** @param subject - of a user; `taken` when it is another user's */
  add(kind: Holder, id: string, name: string, event: AuditEvent, subject?: string): Promise<AddOutcome>;
  /** Makes a subject that of a user, in place of the one that it had. `exists` when it had this one. */
  link(user: string, subject: string, event: AuditEvent): Promise<AddOutcome>;
  unlink(user: string, event: AuditEvent): Promise<RemoveOutcome>;
  delete(kind: Holder, name: string, event: AuditEvent): Promise<RemoveOutcome>;
  listUsers(): Promise<readonly UserSummary[]>;
  listRoles(): Promise<readonly (AccountSummary & { readonly members: readonly string[] })[]>;
  grant(kind: Holder, name: string, permission: string, event: AuditEvent): Promise<AddOutcome>;
  revoke(kind: Holder, name: string, permission: string, event: AuditEvent): Promise<RemoveOutcome>;
  join(user: string, role: string, event: AuditEvent): Promise<AddOutcome>;
  leave(user: string, role: string, event: AuditEvent): Promise<RemoveOutcome>;
  createToken(user: string, token: NewToken, event: AuditEvent): Promise<AddOutcome>;
  listTokens(user?: string): Promise<readonly TokenSummary[]>;
  /** Revoking a token a second time answers `absent`. */
  revokeToken(id: string, event: AuditEvent): Promise<RemoveOutcome>;
}

/** A place in the trail. */
export interface AuditPosition {
  readonly at: Date;
  readonly id: number;
}

export interface RecordedEvent extends AuditEvent, AuditPosition {
  /** Larger than those of the events that were recorded before. */
  readonly id: number;
}

/** Conditions that must all hold. */
export interface AuditFilter {
  readonly userName?: string | undefined;
  readonly scriptUuid?: string | undefined;
  readonly action?: AuditEvent['action'] | undefined;
  readonly outcome?: AuditEvent['outcome'] | undefined;
  /** At or later than. */
  readonly since?: Date | undefined;
  /** Earlier than. */
  readonly until?: Date | undefined;
}

export interface AuditStore {
  /** Records what changed nothing: writes record themselves. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /** The latest first. */
  list(
    page: AuditFilter & { readonly after?: AuditPosition | undefined; readonly limit: number },
  ): Promise<RecordedEvent[]>;
  /** Deletes the oldest events before a moment. @returns how many, at most `limit` */
  deleteBefore(at: Date, limit: number): Promise<number>;
}
