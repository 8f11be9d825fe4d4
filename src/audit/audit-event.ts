import { type ErrorCode, type GatewayError, httpStatusByCode } from '../errors.ts';

/** The actions that the audit trail records, with their descriptions. */
export const auditActions = {
  CREATE_SCRIPT: 'A script is created.',
  UPDATE_SCRIPT: 'The name, the source or the configuration of a script is changed.',
  DELETE_SCRIPT: 'A script is deleted.',
  SET_METADATA: 'Metadata of a script is set; `target` is the path.',
  UNSET_METADATA: 'A key of the metadata of a script is removed; `target` is the path.',
  GET_SCRIPT: 'A script is read. Only refusals are recorded.',
  LIST_SCRIPTS: 'The scripts are listed. Only refusals are recorded.',
  GET_SDL: 'The SDL for gateways is read. Only refusals are recorded.',
  READ_METRICS: 'The metrics are read. Only refusals are recorded.',
  LIST_AUDIT_EVENTS: 'The audit trail is read. Only refusals are recorded.',
  SIGN_IN: 'A request has a bad token. Good tokens are not recorded.',
  ADD_USER: 'A user is added; `target` is the user.',
  DELETE_USER: 'A user is deleted; `target` is the user.',
  LINK_USER: 'A user is linked to the subject of a token issuer; `target` names both.',
  UNLINK_USER: 'The link of a user to a subject is removed; `target` is the user.',
  ADD_ROLE: 'A role is added; `target` is the role.',
  DELETE_ROLE: 'A role is deleted; `target` is the role.',
  GRANT_PERMISSION: 'A permission is granted to a user or a role; `target` names both.',
  REVOKE_PERMISSION: 'A permission of a user or a role is revoked; `target` names both.',
  JOIN_ROLE: 'A user joins a role; `target` names both.',
  LEAVE_ROLE: 'A user leaves a role; `target` names both.',
  CREATE_TOKEN: 'A token is created; `target` names the user and the id of the token.',
  REVOKE_TOKEN: 'A token is revoked; `target` is the id of the token.',
  BOOTSTRAP: 'The first start creates the first user in an empty database; `target` is the user.',
  IMPORT: 'An exported file is imported.',
} as const;

export type AuditAction = keyof typeof auditActions;

/** The result of an action: success, or the code of the error. */
export type AuditOutcome = 'SUCCEEDED' | ErrorCode;

export const auditOutcomes = ['SUCCEEDED', ...(Object.keys(httpStatusByCode) as ErrorCode[])] as const;

/** The APIs through which actions come. */
export const auditDoorways = ['GRAPHQL', 'REST', 'COMMAND_LINE'] as const;

/** Who acts, and from where. */
export interface Origin {
  readonly via: (typeof auditDoorways)[number];
  /** Absent on the command line. */
  readonly requestId: string | null;
  /** The address of the client, as far as proxies are trusted. Absent on the command line. */
  readonly address: string | null;
  /** Absent on the command line, and for a bad token. */
  readonly userId: string | null;
  /** On the command line, the name of the operating system's user. Absent for a bad token. */
  readonly userName: string | null;
  /** The id of the token, if the gateway issued it. */
  readonly tokenId: string | null;
}

/** An action that the audit trail records. */
export interface AuditedAction {
  readonly action: AuditAction;
  readonly scriptUuid?: string | null | undefined;
  /** What else the action concerns: a path, an account, a grant. Never a value or a secret. */
  readonly target?: string | undefined;
}

/** An action that a caller was not allowed to do. */
export interface Refusal {
  readonly action: AuditAction;
  readonly outcome: Extract<ErrorCode, 'FORBIDDEN' | 'UNAUTHENTICATED'>;
  /** The missing permission; absent if no permission would help. */
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

/** One entry of the audit trail: an action or a refusal. */
export interface AuditEvent extends Origin {
  readonly at: Date;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** The missing permission. */
  readonly permission: string | null;
  readonly scriptUuid: string | null;
  readonly target: string | null;
}

/** The event of an action that succeeds. */
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
    // Last, because V8 adds members to a spread object forty times more slowly.
    ...origin,
  };
}

const maxTargetLength = 1_000;

/**
 * Makes a text safe: every database can store it, every terminal can show it, and it is at most 1,000 characters long.
 * The text may be anything, because failed attempts are recorded too.
 */
export function toTarget(text: string): string {
  if (text.length <= maxTargetLength && /^[ -~]*$/.test(text)) return text;
  const shown = text.replace(/\p{Cc}/gu, '\uFFFD');
  return (shown.length > maxTargetLength ? `${shown.slice(0, maxTargetLength)}…` : shown).toWellFormed();
}
