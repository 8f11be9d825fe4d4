import { createHash } from 'node:crypto';
import { type Permission, parsePermission } from '../../src/permissions/permission.ts';
import type { PrismaClient } from '../../src/store/sqlite/generated/client.ts';
import { matchPermission } from '../../test/support/permission-oracle.ts';

/** The caller of a request. */
export interface Caller {
  readonly granted: readonly Permission[];
}

/** Reads the user of the token and the grants, also through roles, with one Prisma call. */
export async function authenticate(prisma: PrismaClient, authorization = ''): Promise<Caller> {
  const digest = createHash('sha256').update(authorization.slice('Bearer '.length)).digest('hex');
  const granted = { select: { grants: { select: { permission: true } } } } as const;
  const token = await prisma.token.findUnique({
    where: { digest },
    select: {
      revokedAt: true,
      expiresAt: true,
      user: { select: { ...granted.select, memberships: { select: { role: granted } } } },
    },
  });
  if (token === null || token.revokedAt !== null) throw new Error('The token is unknown or revoked.');
  if (token.expiresAt !== null && token.expiresAt <= new Date()) throw new Error('The token is expired.');
  const grants = [...token.user.grants, ...token.user.memberships.flatMap(({ role }) => role.grants)];
  return { granted: grants.map(({ permission }) => parsePermission(permission)) };
}

/** @throws Error unless the caller holds the permission */
export function expectCovered({ granted }: Caller, ...required: string[]): void {
  if (granted.some((grant) => matchPermission(grant, required))) return;
  throw new Error(`It takes ${required.join('->')}.`);
}

/** The scripts that the caller may get: all, or those granted one by one. */
export function visibleTo({ granted }: Caller): 'all' | string[] {
  if (granted.some((grant) => matchPermission(grant, ['dtrace', 'any', 'get']))) return 'all';
  return granted.flatMap(([first, uuid, last]) =>
    first === 'dtrace' && last === 'get' && uuid ? [uuid] : [],
  );
}
