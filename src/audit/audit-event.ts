import { type ErrorCode, type GatewayError, httpStatusByCode } from '../errors.ts';

/** Everything that leaves a trace, with what it says of itself. */
export const auditActions = {
  CREATE_SCRIPT: 'A script is created.',
  UPDATE_SCRIPT: 'The name, the source or the configuration of a script is changed.',
  DELETE_SCRIPT: 'A script is deleted.',
  SET_METADATA: 'Metadata of a script is set; `target` is the path.',
  UNSET_METADATA: 'A key of the metadata of a script is removed; `target` is the path.',
  GET_SCRIPT: 'A script is read. Only refusals are recorded.',
  LIST_SCRIPTS: 'The scripts are listed. Only refusals are recorded.',
  GET_SDL: 'The schema for gateways is read. Only refusals are recorded.',
  READ_METRICS: 'The metrics are read. Only refusals are recorded.',
  LIST_AUDIT_EVENTS: 'The audit trail is read. Only refusals are recorded.',
  SIGN_IN: 'A bad token is presented. Good ones are not recorded.',
  ADD_USER: 'A user is added; `target` is the user.',
  DELETE_USER: 'A user is deleted; `target` is the user.',
  LINK_USER: 'A user is linked to a subject of an issuer of tokens; `target` is both.',
  UNLINK_USER: 'A user is linked to no subject any more; `target` is the user.',
  ADD_ROLE: 'A role is added; `target` is the role.',
  DELETE_ROLE: 'A role is deleted; `target` is the role.',
  GRANT_PERMISSION: 'A user or a role is granted a permission; `target` is both.',
  REVOKE_PERMISSION: 'A permission of a user or a role is revoked; `target` is both.',
  JOIN_ROLE: 'A user joins a role; `target` is both.',
  LEAVE_ROLE: 'A user leaves a role; `target` is both.',
  CREATE_TOKEN: 'A token is created; `target` is the user and the id of the token.',
  REVOKE_TOKEN: 'A token is revoked; `target` is the id of the token.',
  BOOTSTRAP: 'An empty database is given its first user at the first start; `target` is the user.',
  IMPORT: 'An export is imported.',
} as const;

export type AuditAction = keyof typeof auditActions;

/** What became of it: done, or the code of the error that was answered. */
export type AuditOutcome = 'SUCCEEDED' | ErrorCode;

export const auditOutcomes = ['SUCCEEDED', ...(Object.keys(httpStatusByCode) as ErrorCode[])] as const;

/** The doorways through which anything happens. */
export const auditDoorways = ['GRAPHQL', 'REST', 'COMMAND_LINE'] as const;

/** Who does something, and from where. */
export interface Origin {
  readonly via: (typeof auditDoorways)[number];
  /** Absent on the command line. */
  readonly requestId: string | null;
  /** Of the client, as far as it is to be believed. Absent on the command line. */
  readonly address: string | null;
  /** Absent on the command line, where `userName` is the operating system's. Both are absent for an unknown token. */
  readonly userId: string | null;
  readonly userName: string | null;
  /** The id of the token that was presented, when it is one of ours. */
  readonly tokenId: string | null;
}

/** What is done, and to what. */
export interface AuditedAction {
  readonly action: AuditAction;
  readonly scriptUuid?: string | null | undefined;
  /** What else it is about: a path, an account, a grant. Never a value or a secret. */
  readonly target?: string | undefined;
}

/** Something that somebody was not allowed to do. */
export interface Refusal {
  readonly action: AuditAction;
  readonly outcome: Extract<ErrorCode, 'FORBIDDEN' | 'UNAUTHENTICATED'>;
  /** The permission that was lacking; absent where none would have helped. */
  readonly permission: string | null;
}

/** @param error - FORBIDDEN or UNAUTHENTICATED */
export function refusalOf({ code, details }: GatewayError, action: AuditAction): Refusal {
  const { permission } = details;
  return {
    action,
    outcome: code as Refusal['outcome'],
    permission: typeof permission === 'string' ? permission : null,
  };
}

/** What somebody did, or was refused. */
export interface AuditEvent extends Origin {
  readonly at: Date;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** The permission that was lacking. */
  readonly permission: string | null;
  readonly scriptUuid: string | null;
  readonly target: string | null;
}

/** The event of a action that succeeds. */
export function eventOf(
  origin: Origin,
  { action, scriptUuid = null, target }: AuditedAction,
  at: Date,
): AuditEvent {
  return {
    at,
    action,
    outcome: 'SUCCEEDED',
    permission: null,
    scriptUuid,
    target: target === undefined ? null : toTarget(target),
    // Last: V8 takes forty times as long to add members to what it has spread.
    ...origin,
  };
}

const maxTargetLength = 1_000;

/**
 * A text that any database can store and any terminal can show, cut where it is too long. Failed attempts are recorded
 * too, so what comes here may be anything.
 */
export function toTarget(text: string): string {
  if (text.length <= maxTargetLength && /^[ -~]*$/.test(text)) return text;
  const shown = text.replace(/\p{Cc}/gu, '\uFFFD');
  return (shown.length > maxTargetLength ? `${shown.slice(0, maxTargetLength)}…` : shown).toWellFormed();
}
