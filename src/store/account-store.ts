import type { AuditEvent } from '../audit/audit-event.ts';
import type { DtraceScript } from '../dtrace/dtrace-script.ts';

/** A user as a request finds it. */
export interface UserState {
  readonly userId: string;
  readonly userName: string;
  /** Grows with every change that may affect the permissions of the user. */
  readonly permissionsVersion: number;
  /** Since this version, the only changes are grants that were added to the user. */
  readonly permissionsResetVersion: number;
  /**
   * The database server that the versions come from. Versions of different servers are not comparable: after a fail-over, a
   * version can come a second time with other permissions. Undefined if the server changed during the read.
   */
  readonly server: number | undefined;
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

/** The outcome of adding something. `exists`: it was there before. `taken`: another user has it. */
export type AddOutcome = 'added' | 'exists' | 'no-holder' | 'no-role' | 'taken';
export type RemoveOutcome = 'removed' | 'absent' | 'no-holder' | 'no-role';
export type Holder = 'user' | 'role';

export interface AccountStore {
  /** The owner of the token with this digest; null if it is unknown, revoked or expired at that time. */
  findToken(digest: string, at: Date): Promise<TokenOwner | null>;
  /** The user who is linked to a subject of JSON Web Tokens. */
  findSubject(subject: string): Promise<UserState | null>;
  /** The permissions of a user, direct ones and those of roles. The same one can come twice. */
  permissionsOf(userId: string): Promise<string[]>;
  /** The direct permissions that were granted to a user after a version. */
  permissionsAddedTo(userId: string, afterVersion: number): Promise<string[]>;
  rolesOf(userId: string): Promise<string[]>;
  /**
   * Adds a first user with one permission, one token and some scripts.
   *
   * @returns false, and adds nothing, if the database has a user or a script
   */
  bootstrap(first: {
    readonly user: { readonly id: string; readonly name: string };
    readonly permission: string;
    readonly token: NewToken;
    readonly scripts: readonly DtraceScript[];
    readonly event: AuditEvent;
  }): Promise<boolean>;
  /** @param subject - for a user; `taken` if it is linked to another user */
  add(kind: Holder, id: string, name: string, event: AuditEvent, subject?: string): Promise<AddOutcome>;
  /** Links a user to a subject, and no longer to another one. `exists`: it was linked to this one. */
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
  /** Answers `absent` for a token that was revoked before. */
  revokeToken(id: string, event: AuditEvent): Promise<RemoveOutcome>;
}
