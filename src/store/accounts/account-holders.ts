import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { AccountStore } from '../store.ts';
import { type AccountTransactions, isUniqueViolation } from './account-transactions.ts';

const permissionsByName = { select: { permission: true }, orderBy: { permission: 'asc' } } as const;

/** Creates the writes that add, link and delete users and roles, and the lists of them. */
export function createAccountHolders(
  client: PrismaClient,
  { recorded, lockRole, resetMembers }: AccountTransactions,
): Pick<AccountStore, 'add' | 'link' | 'unlink' | 'delete' | 'listUsers' | 'listRoles'> {
  return {
    add: async (kind, id, name, event, subject) => {
      const holder = { id, name, createdAt: event.at };
      try {
        return await recorded(event, async (transaction) => {
          if (kind === 'user')
            await transaction.user.create({ data: { ...holder, subject: subject ?? null } });
          else await transaction.role.create({ data: holder });
          return 'added';
        });
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        const isSubject =
          subject !== undefined && (await client.user.findUnique({ where: { name } })) === null;
        return isSubject ? 'taken' : 'exists';
      }
    },

    link: async (name, subject, event) => {
      try {
        return await recorded(event, async (transaction) => {
          if ((await transaction.user.findUnique({ where: { name, subject } })) !== null) return 'exists';
          const { count } = await transaction.user.updateMany({ where: { name }, data: { subject } });
          return count > 0 ? 'added' : 'no-holder';
        });
      } catch (error) {
        if (isUniqueViolation(error)) return 'taken';
        throw error;
      }
    },

    unlink: (name, event) =>
      recorded(event, async (transaction) => {
        const { count } = await transaction.user.updateMany({
          where: { name, subject: { not: null } },
          data: { subject: null },
        });
        if (count > 0) return 'removed';
        return (await transaction.user.findUnique({ where: { name } })) === null ? 'no-holder' : 'absent';
      }),

    delete: (kind, name, event) =>
      recorded(event, async (transaction) => {
        if (kind === 'user') {
          const { count } = await transaction.user.deleteMany({ where: { name } });
          return count > 0 ? 'removed' : 'no-holder';
        }
        const roleId = await lockRole(transaction, name);
        if (roleId === undefined) return 'no-role';
        await resetMembers(transaction, roleId);
        await transaction.role.delete({ where: { id: roleId } });
        return 'removed';
      }),

    listUsers: () => listUsers(client),
    listRoles: () => listRoles(client),
  };
}

async function listUsers(client: PrismaClient): ReturnType<AccountStore['listUsers']> {
  const users = await client.user.findMany({
    orderBy: { name: 'asc' },
    include: {
      grants: permissionsByName,
      memberships: { select: { role: { select: { name: true } } }, orderBy: { role: { name: 'asc' } } },
    },
  });
  return users.map(({ id, name, subject, grants, memberships }) => ({
    id,
    name,
    subject,
    roles: memberships.map(({ role }) => role.name),
    permissions: grants.map(({ permission }) => permission),
  }));
}

async function listRoles(client: PrismaClient): ReturnType<AccountStore['listRoles']> {
  const roles = await client.role.findMany({
    orderBy: { name: 'asc' },
    include: {
      grants: permissionsByName,
      members: { select: { user: { select: { name: true } } }, orderBy: { user: { name: 'asc' } } },
    },
  });
  return roles.map(({ id, name, grants, members }) => ({
    id,
    name,
    members: members.map(({ user }) => user.name),
    permissions: grants.map(({ permission }) => permission),
  }));
}
