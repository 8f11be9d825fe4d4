import { sqltag as sql } from '@prisma/client/runtime/client';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { AccountStore } from '../store.ts';

/** Creates the reads of what a user holds. */
export function createPermissionReads(
  database: SqlDatabase,
  dialect: Dialect,
): Pick<AccountStore, 'permissionsOf' | 'permissionsAddedTo' | 'rolesOf'> {
  return {
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
  };
}
