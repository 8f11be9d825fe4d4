import { createHash } from 'node:crypto';
import { compilePermissions, type PermissionSet } from '../../src/permissions/permission-set.ts';
import { type Statements, textOf } from './statements.ts';

export interface KnownCaller {
  readonly userId: string;
  readonly permissions: PermissionSet;
}

/** @param authorization - the header @throws Error for a token that is unknown, expired or revoked */
export type Authenticate = (authorization?: string) => KnownCaller | Promise<KnownCaller>;

/** Reads the token from the database at every request, and the permissions only when they have changed. */
export function createTokenLookup(statements: Statements): Authenticate {
  const compiled = new Map<unknown, { readonly version: unknown; readonly permissions: PermissionSet }>();
  return async (authorization = '') => {
    const digest = createHash('sha256').update(authorization.slice('Bearer '.length)).digest('hex');
    const owner = await statements.first('owner', [digest]);
    if (owner === undefined) throw new Error('The token is unknown, expired or revoked.');
    const [userId, version] = owner as [string, unknown];
    const known = compiled.get(userId);
    if (known !== undefined && known.version === version) return { userId, permissions: known.permissions };
    const granted = JSON.parse(await textOf(statements, 'permissions', [userId])) as string[];
    const permissions = compilePermissions(granted);
    compiled.set(userId, { version, permissions });
    return { userId, permissions };
  };
}

/** Reads each token only once: revocations, expiries and new grants have no effect. */
export function createTokenMemory(statements: Statements): Authenticate {
  const lookUp = createTokenLookup(statements);
  const known = new Map<string, KnownCaller>();
  return async (authorization = '') => {
    const caller = known.get(authorization) ?? (await lookUp(authorization));
    known.set(authorization, caller);
    return caller;
  };
}

/** @throws Error unless the caller holds the permission */
export function expectCovered({ permissions }: KnownCaller, ...required: string[]): void {
  if (!permissions.covers(required)) throw new Error(`It takes ${required.join('->')}.`);
}
