import { sqltag as sql } from '@prisma/client/runtime/client';
import { parsePermission, scriptUuidOf } from '../../permissions/permission.ts';
import { raisePermissionsVersion } from '../cache/permissions-version.ts';
import type { AccountStore, AddOutcome } from '../store.ts';
import type { AccountTransactions, Transaction } from './account-transactions.ts';

/** Creates the writes that grant and revoke permissions, and that let users join and leave roles. */
export function createAccountGrants({
  recorded,
  lockRole,
  resetUser,
  resetMembers,
}: AccountTransactions): Pick<AccountStore, 'grant' | 'revoke' | 'join' | 'leave'> {
  return {
    grant: (kind, name, permission, event) =>
      recorded(event, (transaction) =>
        kind === 'user'
          ? grantToUser(transaction, name, permission)
          : grantToRole(transaction, name, permission),
      ),

    revoke: (kind, name, permission, event) =>
      recorded(event, async (transaction) => {
        if (kind === 'user') {
          const userId = await resetUser(transaction, name);
          if (userId === undefined) return 'no-holder';
          const { count } = await transaction.userGrant.deleteMany({ where: { userId, permission } });
          return count > 0 ? 'removed' : 'absent';
        }
        const roleId = await lockRole(transaction, name);
        if (roleId === undefined) return 'no-role';
        const { count } = await transaction.roleGrant.deleteMany({ where: { roleId, permission } });
        await resetMembers(transaction, roleId);
        return count > 0 ? 'removed' : 'absent';
      }),

    join: (user, role, event) =>
      recorded(event, async (transaction) => {
        const roleId = await lockRole(transaction, role);
        if (roleId === undefined) return 'no-role';
        const userId = await resetUser(transaction, user);
        if (userId === undefined) return 'no-holder';
        const id = { userId_roleId: { userId, roleId } };
        if ((await transaction.roleMember.findUnique({ where: id })) !== null) return 'exists';
        await transaction.roleMember.create({ data: { userId, roleId } });
        return 'added';
      }),

    leave: (user, role, event) =>
      recorded(event, async (transaction) => {
        const roleId = await lockRole(transaction, role);
        if (roleId === undefined) return 'no-role';
        const userId = await resetUser(transaction, user);
        if (userId === undefined) return 'no-holder';
        const { count } = await transaction.roleMember.deleteMany({ where: { userId, roleId } });
        return count > 0 ? 'removed' : 'absent';
      }),
  };

  async function grantToRole(
    transaction: Transaction,
    name: string,
    permission: string,
  ): Promise<AddOutcome> {
    const roleId = await lockRole(transaction, name);
    if (roleId === undefined) return 'no-role';
    const id = { roleId_permission: { roleId, permission } };
    if ((await transaction.roleGrant.findUnique({ where: id })) !== null) return 'exists';
    const scriptUuid = scriptUuidOf(parsePermission(permission));
    await transaction.roleGrant.create({ data: { roleId, permission, scriptUuid } });
    await resetMembers(transaction, roleId);
    return 'added';
  }
}

async function grantToUser(transaction: Transaction, name: string, permission: string): Promise<AddOutcome> {
  const [user] = await transaction.$queryRaw<{ id: string; version: number }[]>(
    raisePermissionsVersion(sql`"name" = ${name}`),
  );
  if (user === undefined) return 'no-holder';
  const id = { userId_permission: { userId: user.id, permission } };
  if ((await transaction.userGrant.findUnique({ where: id })) !== null) return 'exists';
  const scriptUuid = scriptUuidOf(parsePermission(permission));
  await transaction.userGrant.create({
    data: { userId: user.id, permission, scriptUuid, sinceVersion: user.version },
  });
  return 'added';
}
