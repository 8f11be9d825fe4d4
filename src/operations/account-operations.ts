import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditedAction } from '../audit/audit-event.ts';
import { sampleScripts } from '../dtrace/sample-scripts.ts';
import { BadUserInputError, ConflictError, NotFoundError } from '../errors.ts';
import { digestToken, generateToken } from '../identity/token.ts';
import { findTextFault } from '../json/json-value.ts';
import {
  formatPermission,
  PermissionSyntaxError,
  parsePermission,
  scriptUuidOf,
} from '../permissions/permission.ts';
import type { AccountStore, AddOutcome, Holder, NewToken, RemoveOutcome, Store } from '../store/store.ts';
import { createAuditTrail } from './audit-trail.ts';
import { localOrigin } from './local-origin.ts';

/** The operations of administrators: users, roles, grants and tokens. */
export type AccountOperations = ReturnType<typeof createAccountOperations>;

export interface IssuedToken {
  readonly id: string;
  /** The secret. It is not stored, so it can be read only here. */
  readonly token: string;
  readonly expiresAt: Date | null;
}

const maxNameLength = 100;
/** The limit of OpenID Connect. */
const maxSubjectLength = 255;
const maxPermissionBytes = 2_000;

/** @param origin - who administers; by default the operating system user */
export function createAccountOperations(store: Store, now: () => Date, origin = localOrigin()) {
  const accounts: AccountStore = store.accounts;
  const trail = createAuditTrail(store, now);

  return {
    /**
     * Fills an empty database at the first start: creates the user `admin` with every permission, and on SQLite the sample
     * scripts.
     *
     * @returns the token of `admin`, or undefined if the database is not empty
     */
    bootstrap: (): Promise<IssuedToken | undefined> =>
      trail.attempt(origin, { action: 'BOOTSTRAP', target: 'admin' }, async (event) => {
        const { stored, issued } = newToken(event.at, 'first start', null);
        const created = await accounts.bootstrap({
          user: { id: randomUUID(), name: 'admin' },
          permission: '...',
          token: stored,
          scripts: store.provider === 'sqlite' ? sampleScripts(event.at) : [],
          event,
        });
        return created ? issued : undefined;
      }),

    /** @param subject - the user's `sub` in JSON Web Tokens */
    add: (kind: Holder, name: string, subject?: string): Promise<void> =>
      trail.attempt(
        origin,
        {
          action: kind === 'user' ? 'ADD_USER' : 'ADD_ROLE',
          target: subject === undefined ? name : `user ${name}, subject ${subject}`,
        },
        async (event) => {
          checkName(kind, name);
          if (subject !== undefined) checkName('subject', subject, maxSubjectLength);
          const outcome = await accounts.add(kind, randomUUID(), name, event, subject);
          if (outcome === 'exists') throw new ConflictError(`The ${kind} ${name} exists already.`);
          if (outcome === 'taken') throw subjectTaken(subject);
        },
      ),

    /** Links a user to a subject of JSON Web Tokens. A former link of the user is replaced. */
    link: (user: string, subject: string): Promise<boolean> =>
      trail.attempt(
        origin,
        { action: 'LINK_USER', target: `user ${user}, subject ${subject}` },
        async (event) => {
          checkName('subject', subject, maxSubjectLength);
          const outcome = expectDone(await accounts.link(user, subject, event), 'user', user);
          if (outcome === 'taken') throw subjectTaken(subject);
          return outcome === 'added';
        },
      ),

    unlink: (user: string): Promise<void> =>
      trail.attempt(origin, { action: 'UNLINK_USER', target: user }, async (event) => {
        if (expectDone(await accounts.unlink(user, event), 'user', user) === 'absent') {
          throw new NotFoundError(`The user ${user} is linked to no subject.`);
        }
      }),

    delete: (kind: Holder, name: string): Promise<void> =>
      trail.attempt(
        origin,
        { action: kind === 'user' ? 'DELETE_USER' : 'DELETE_ROLE', target: name },
        async (event) => void expectDone(await accounts.delete(kind, name, event), kind, name),
      ),

    listUsers: () => accounts.listUsers(),
    listRoles: () => accounts.listRoles(),

    /** @returns false if the permission was granted before */
    grant: (kind: Holder, name: string, permission: string): Promise<boolean> =>
      trail.attempt(origin, grantAction('GRANT_PERMISSION', kind, name, permission), async (event) => {
        const outcome = await accounts.grant(kind, name, normalized(permission), event);
        return expectDone(outcome, kind, name) === 'added';
      }),

    /** @throws NotFoundError if exactly this permission was not granted */
    revoke: (kind: Holder, name: string, permission: string): Promise<void> =>
      trail.attempt(origin, grantAction('REVOKE_PERMISSION', kind, name, permission), async (event) => {
        const text = normalized(permission);
        if (expectDone(await accounts.revoke(kind, name, text, event), kind, name) === 'absent') {
          throw new NotFoundError(`The ${kind} ${name} was not granted ${text}.`);
        }
      }),

    /** @returns false if the user was a member before */
    join: (user: string, role: string): Promise<boolean> =>
      trail.attempt(
        origin,
        { action: 'JOIN_ROLE', target: `user ${user}, role ${role}` },
        async (event) => expectDone(await accounts.join(user, role, event), 'user', user, role) === 'added',
      ),

    leave: (user: string, role: string): Promise<void> =>
      trail.attempt(origin, { action: 'LEAVE_ROLE', target: `user ${user}, role ${role}` }, async (event) => {
        if (expectDone(await accounts.leave(user, role, event), 'user', user, role) === 'absent') {
          throw new NotFoundError(`The user ${user} is not in the role ${role}.`);
        }
      }),

    createToken: (user: string, label: string | null, expiresAt: Date | null): Promise<IssuedToken> => {
      const { stored, issued } = newToken(now(), label, expiresAt);
      return trail.attempt(
        origin,
        { action: 'CREATE_TOKEN', target: `user ${user}, token ${issued.id}` },
        async (event) => {
          if (label !== null) checkName('label', label);
          expectDone(await accounts.createToken(user, stored, event), 'user', user);
          return issued;
        },
      );
    },

    /** @throws NotFoundError if the user does not exist */
    async listTokens(user?: string) {
      if (user !== undefined && !(await accounts.listUsers()).some(({ name }) => name === user)) {
        throw NotFoundError.named('user', user);
      }
      return accounts.listTokens(user);
    },

    revokeToken: (id: string): Promise<void> => {
      const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
      // Anything but a UUID may be a token, pasted by mistake: it is not recorded.
      const target = isUuid ? `token ${id}` : undefined;
      return trail.attempt(origin, { action: 'REVOKE_TOKEN', target }, async (event) => {
        if (!isUuid || (await accounts.revokeToken(id, event)) === 'absent') {
          throw new NotFoundError(`There is no token ${id} that could be revoked.`);
        }
      });
    },

    rolesOf: (userId: string) => accounts.rolesOf(userId),
  };
}

function grantAction(action: AuditAction, kind: Holder, name: string, permission: string): AuditedAction {
  const scriptUuid = scriptUuidOf(permission.split('->'));
  return { action, scriptUuid, target: `${kind} ${name}, ${permission}` };
}

function newToken(createdAt: Date, label: string | null, expiresAt: Date | null) {
  const token = generateToken();
  const id = randomUUID();
  const stored: NewToken = { id, digest: digestToken(token), label, createdAt, expiresAt };
  const issued: IssuedToken = { id, token, expiresAt };
  return { stored, issued };
}

function subjectTaken(subject: string | undefined): ConflictError {
  return new ConflictError(`Another user is linked to the subject ${subject}: unlink that one first.`);
}

function checkName(argument: string, name: string, maxLength = maxNameLength): void {
  if (name.trim() === '' || name !== name.trim()) {
    throw new BadUserInputError(argument, 'it must not be empty, nor begin or end with a space.');
  }
  if (/\p{Cc}/u.test(name)) throw new BadUserInputError(argument, 'it must not hold control characters.');
  const fault = findTextFault(name);
  if (fault !== undefined) throw new BadUserInputError(argument, fault);
  if (name.length > maxLength) {
    throw new BadUserInputError(argument, `it must not be longer than ${maxLength} characters.`);
  }
}

function normalized(permission: string): string {
  try {
    const text = formatPermission(parsePermission(permission));
    if (Buffer.byteLength(text) <= maxPermissionBytes) return text;
    throw new BadUserInputError('permission', `it must not be longer than ${maxPermissionBytes} bytes.`);
  } catch (error) {
    if (error instanceof PermissionSyntaxError) throw new BadUserInputError('permission', error.message);
    throw error;
  }
}

function expectDone<Outcome extends AddOutcome | RemoveOutcome>(
  outcome: Outcome,
  kind: Holder,
  name: string,
  role = name,
): Outcome {
  if (outcome === 'no-holder') throw NotFoundError.named(kind, name);
  if (outcome === 'no-role') throw NotFoundError.named('role', role);
  return outcome;
}
