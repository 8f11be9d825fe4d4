import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Dialect } from './dialect.ts';
import type { Prisma } from './sqlite/generated/client.ts';

/**
 * The statement that says that one user was granted something more. It locks the user's row until the transaction ends,
 * and returns the user's `id` and the new `version` of the user's permissions, or nothing without such a user.
 *
 * @param user - a condition that one user meets
 */
export function raisePermissionsVersion(user: Sql): Sql {
  return sql`
    UPDATE "users" SET "permissions_version" = "permissions_version" + 1
    WHERE ${user} RETURNING "id", "permissions_version" AS "version"`;
}

/**
 * Says that the permissions of users have changed in some other way than by a grant added to them: compiled ones are of
 * no use any more. Locks the users' rows until the transaction ends.
 *
 * @param userIds - a query that selects their ids
 * @returns the ids of those that exist
 */
export async function resetPermissions(
  transaction: Prisma.TransactionClient,
  { forUpdate }: Pick<Dialect, 'forUpdate'>,
  userIds: Sql,
): Promise<string[]> {
  // Two transactions that lock the same users in different orders would wait for each other.
  const locked = await transaction.$queryRaw<{ id: string }[]>(
    sql`SELECT "id" FROM "users" WHERE "id" IN (${userIds}) ORDER BY "id" ${forUpdate}`,
  );
  if (locked.length === 0) return [];
  await transaction.$executeRaw(sql`
    UPDATE "users" SET "permissions_version" = "permissions_version" + 1,
      "permissions_reset_version" = "permissions_version" + 1
    WHERE "id" IN (${userIds})`);
  return locked.map(({ id }) => id);
}
