import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { parsePermission, scriptUuidOf } from '../../permissions/permission.ts';
import { recordOf } from '../audit/create-audit-store.ts';
import { raisePermissionsVersion, resetPermissions } from '../cache/permissions-version.ts';
import { createSignInReads } from '../cache/sign-in-reads.ts';
import { insertionOf } from '../scripts/create-script-store.ts';
import type { Database } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Prisma, PrismaClient } from '../sqlite/generated/client.ts';
import type { AccountStore, AddOutcome, RemoveOutcome } from '../store.ts';

type Transaction = Prisma.TransactionClient;

/**
 * Users, roles, grants and tokens. Whatever changes what a user may do raises the version of the user's permissions in the
 * same transaction; a role's row is locked first, so that joining a role and changing it never pass each other by.
 */
export function createAccountStore(client: PrismaClient, database: Database, dialect: Dialect): AccountStore {
  const lockRole = async (transaction: Transaction, name: string) => {
    const [row] = await transaction.$queryRaw<{ id: string }[]>(sql`
      UPDATE "roles" SET "name" = "name" WHERE "name" = ${name} RETURNING "id"`);
    return row?.id;
  };
  const reset = (transaction: Transaction, userIds: Sql) =>
    transaction.$queryRaw<{ id: string }[]>(resetPermissions(dialect, userIds));
  /** Finds a user whose permissions change in some other way than by a grant added to them. */
  const resetUser = async (transaction: Transaction, name: string) => {
    const [user] = await reset(transaction, sql`SELECT "id" FROM "users" WHERE "name" = ${name}`);
    return user?.id;
  };
  const resetMembers = (transaction: Transaction, roleId: string) =>
    reset(transaction, sql`SELECT "user_id" FROM "role_members" WHERE "role_id" = ${dialect.uuid(roleId)}`);
  /** Does something in a transaction, which records it when it has changed something. */
  const recorded = <Outcome extends AddOutcome | RemoveOutcome>(
    event: AuditEvent,
    change: (transaction: Transaction) => Promise<Outcome>,
  ): Promise<Outcome> =>
    client.$transaction(async (transaction) => {
      const outcome = await change(transaction);
      if (outcome === 'added' || outcome === 'removed') await transaction.auditEvent.create({ data: event });
      return outcome;
    });

  return {
    ...createSignInReads(database),

    permissionsOf: async (userId) => {
      const id = dialect.uuid(userId);
      const rows = await database.query<{ permission: string }>(sql`
        SELECT "permission" FROM "user_grants" WHERE "user_id" = ${id}
        UNION ALL
        SELECT g."permission" FROM "role_grants" g JOIN "role_members" m ON m."role_id" = g."role_id"
        WHERE m."user_id" = ${id}`);
      return rows.map(({ permission }) => permission);
    },

    permissionsAddedTo: async (userId, afterVersion) => {
      const rows = await database.query<{ permission: string }>(sql`
        SELECT "permission" FROM "user_grants"
        WHERE "user_id" = ${dialect.uuid(userId)} AND "since_version" > ${afterVersion}`);
      return rows.map(({ permission }) => permission);
    },

    rolesOf: async (userId) => {
      const rows = await database.query<{ name: string }>(sql`
        SELECT r."name" FROM "role_members" m JOIN "roles" r ON r."id" = m."role_id"
        WHERE m."user_id" = ${dialect.uuid(userId)} ORDER BY r."name"`);
      return rows.map(({ name }) => name);
    },

    bootstrap: async ({ user, permission, token, scripts, event }) => {
      try {
        const created = await database.write(
          sql`INSERT INTO "users" ("id", "name", "created_at")
            SELECT ${dialect.uuid(user.id)}, ${user.name}, ${token.createdAt}
            WHERE NOT EXISTS (SELECT 1 FROM "users") AND NOT EXISTS (SELECT 1 FROM "dtrace_scripts")
            RETURNING "id"`,
          sql`INSERT INTO "user_grants" ("user_id", "permission") SELECT "id", ${permission} FROM "written"`,
          sql`INSERT INTO "tokens" ("id", "digest", "user_id", "label", "created_at", "expires_at")
            SELECT ${dialect.uuid(token.id)}, ${token.digest}, "id", ${token.label}, ${token.createdAt},
              ${token.expiresAt} FROM "written"`,
          ...scripts.map((script) => insertionOf(script, dialect)),
          recordOf(event),
        );
        return created.length > 0;
      } catch (error) {
        // Another process was quicker with the same first user.
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    add: async (kind, id, name, event, subject) => {
      try {
        await client.$transaction(async (transaction) => {
          const holder = { id, name, createdAt: event.at };
          if (kind === 'user')
            await transaction.user.create({ data: { ...holder, subject: subject ?? null } });
          else await transaction.role.create({ data: holder });
          await transaction.auditEvent.create({ data: event });
        });
        return 'added';
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

    listUsers: async () => {
      const users = await client.user.findMany({
        orderBy: { name: 'asc' },
        include: {
          grants: { select: { permission: true }, orderBy: { permission: 'asc' } },
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
    },

    listRoles: async () => {
      const roles = await client.role.findMany({
        orderBy: { name: 'asc' },
        include: {
          grants: { select: { permission: true }, orderBy: { permission: 'asc' } },
          members: { select: { user: { select: { name: true } } }, orderBy: { user: { name: 'asc' } } },
        },
      });
      return roles.map(({ id, name, grants, members }) => ({
        id,
        name,
        members: members.map(({ user }) => user.name),
        permissions: grants.map(({ permission }) => permission),
      }));
    },

    grant: (kind, name, permission, event) =>
      recorded(event, async (transaction) => {
        const scriptUuid = scriptUuidOf(parsePermission(permission));
        if (kind === 'user') {
          const [user] = await transaction.$queryRaw<{ id: string; version: number }[]>(
            raisePermissionsVersion(sql`"name" = ${name}`),
          );
          if (user === undefined) return 'no-holder';
          const id = { userId_permission: { userId: user.id, permission } };
          if ((await transaction.userGrant.findUnique({ where: id })) !== null) return 'exists';
          await transaction.userGrant.create({
            data: { userId: user.id, permission, scriptUuid, sinceVersion: user.version },
          });
          return 'added';
        }
        const roleId = await lockRole(transaction, name);
        if (roleId === undefined) return 'no-role';
        const id = { roleId_permission: { roleId, permission } };
        if ((await transaction.roleGrant.findUnique({ where: id })) !== null) return 'exists';
        await transaction.roleGrant.create({ data: { roleId, permission, scriptUuid } });
        await resetMembers(transaction, roleId);
        return 'added';
      }),

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

    createToken: (name, token, event) =>
      recorded(event, async (transaction) => {
        const owner = await transaction.user.findUnique({ where: { name }, select: { id: true } });
        if (owner === null) return 'no-holder';
        await transaction.token.create({ data: { ...token, userId: owner.id } });
        return 'added';
      }),

    listTokens: async (user) => {
      const tokens = await client.token.findMany({
        ...(user === undefined ? {} : { where: { user: { name: user } } }),
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        include: { user: { select: { name: true } } },
      });
      return tokens.map(({ id, user, label, createdAt, expiresAt, revokedAt }) => ({
        id,
        user: user.name,
        label,
        createdAt,
        expiresAt,
        revokedAt,
      }));
    },

    revokeToken: (id, event) =>
      recorded(event, async (transaction) => {
        const { count } = await transaction.token.updateMany({
          where: { id, revokedAt: null },
          data: { revokedAt: event.at },
        });
        return count > 0 ? 'removed' : 'absent';
      }),
  };
}

/** As Prisma's client tells it, or the driver adapter. */
function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as Error & {
    readonly code?: string;
    readonly cause?: { readonly kind?: string };
  };
  return code === 'P2002' || cause?.kind === 'UniqueConstraintViolation';
}
