import { randomUUID } from 'node:crypto';
import { BadUserInputError, ConflictError, NotFoundError } from '../errors.ts';
import { digestToken, generateToken } from '../identity/token.ts';
import { formatPermission, PermissionSyntaxError, parsePermission } from '../permissions/permission.ts';
import { findTextFault } from '../scripts/json-value.ts';
import { sampleScripts } from '../scripts/sample-scripts.ts';
import type { AccountStore, AddOutcome, Holder, NewToken, RemoveOutcome, Store } from '../store/store.ts';

/** What administrators do: users, roles, grants and tokens. */
export type AccountOperations = ReturnType<typeof createAccountOperations>;

export interface IssuedToken {
  readonly id: string;
  /** The secret itself, which is stored nowhere: whoever does not keep it now has lost it. */
  readonly token: string;
  readonly expiresAt: Date | null;
}

const maxNameLength = 100;
/** What OpenID Connect allows an issuer. */
const maxSubjectLength = 255;
const maxPermissionBytes = 2_000;

export function createAccountOperations(store: Store, now: () => Date) {
  const accounts: AccountStore = store.accounts;

  return {
    /**
     * On the first start with an empty database: creates the user `admin`, who may do everything, and on the embedded
     * database the sample scripts.
     *
     * @returns the admin's token, or undefined when the database is not empty
     */
    async bootstrap(): Promise<IssuedToken | undefined> {
      const at = now();
      const { stored, issued } = newToken(at, 'first start', null);
      const created = await accounts.bootstrap({
        user: { id: randomUUID(), name: 'admin' },
        permission: '...',
        token: stored,
        scripts: store.provider === 'sqlite' ? sampleScripts(at) : [],
      });
      return created ? issued : undefined;
    },

    /** @param subject - what the issuer of JSON Web Tokens calls a user */
    async add(kind: Holder, name: string, subject?: string): Promise<void> {
      checkName(kind, name);
      if (subject !== undefined) checkName('subject', subject, maxSubjectLength);
      const outcome = await accounts.add(kind, randomUUID(), name, now(), subject);
      if (outcome === 'exists') throw new ConflictError(`The ${kind} ${name} exists already.`);
      if (outcome === 'taken') throw subjectTaken(subject);
    },

    /** Lets the JSON Web Tokens of a subject stand for a user, in place of those of another one. */
    async link(user: string, subject: string): Promise<boolean> {
      checkName('subject', subject, maxSubjectLength);
      const outcome = expectDone(await accounts.link(user, subject), 'user', user);
      if (outcome === 'taken') throw subjectTaken(subject);
      return outcome === 'added';
    },

    async unlink(user: string): Promise<void> {
      if (expectDone(await accounts.unlink(user), 'user', user) === 'absent') {
        throw new NotFoundError(`The user ${user} is linked to no subject.`);
      }
    },

    async delete(kind: Holder, name: string): Promise<void> {
      expectDone(await accounts.delete(kind, name), kind, name);
    },

    listUsers: () => accounts.listUsers(),
    listRoles: () => accounts.listRoles(),

    /** @returns whether the permission was granted now; false when it was held already */
    async grant(kind: Holder, name: string, permission: string): Promise<boolean> {
      return expectDone(await accounts.grant(kind, name, normalized(permission)), kind, name) === 'added';
    },

    /** @throws NotFoundError when the permission was not granted in exactly these words */
    async revoke(kind: Holder, name: string, permission: string): Promise<void> {
      const text = normalized(permission);
      if (expectDone(await accounts.revoke(kind, name, text), kind, name) === 'absent') {
        throw new NotFoundError(`The ${kind} ${name} was not granted ${text}.`);
      }
    },

    /** @returns whether the user joined now; false when it was a member already */
    async join(user: string, role: string): Promise<boolean> {
      return expectDone(await accounts.join(user, role), 'user', user, role) === 'added';
    },

    async leave(user: string, role: string): Promise<void> {
      if (expectDone(await accounts.leave(user, role), 'user', user, role) === 'absent') {
        throw new NotFoundError(`The user ${user} is not in the role ${role}.`);
      }
    },

    async createToken(user: string, label: string | null, expiresAt: Date | null): Promise<IssuedToken> {
      if (label !== null) checkName('label', label);
      const { stored, issued } = newToken(now(), label, expiresAt);
      expectDone(await accounts.createToken(user, stored), 'user', user);
      return issued;
    },

    /** @throws NotFoundError when a user is named and not there */
    async listTokens(user?: string) {
      if (user !== undefined && !(await accounts.listUsers()).some(({ name }) => name === user)) {
        throw new NotFoundError(`There is no user ${user}.`);
      }
      return accounts.listTokens(user);
    },

    async revokeToken(id: string): Promise<void> {
      const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
      if (!isUuid || (await accounts.revokeToken(id, now())) === 'absent') {
        throw new NotFoundError(`There is no token ${id} that could be revoked.`);
      }
    },

    rolesOf: (userId: string) => accounts.rolesOf(userId),
  };
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
  if (outcome === 'no-holder') throw new NotFoundError(`There is no ${kind} ${name}.`);
  if (outcome === 'no-role') throw new NotFoundError(`There is no role ${role}.`);
  return outcome;
}
