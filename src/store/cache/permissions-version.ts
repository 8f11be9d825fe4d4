import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Dialect } from '../sql/dialect.ts';

/**
 * The statement for a grant that is added to one user. Cached permissions of the user stay valid and are extended.
 *
 * It locks the row of the user until the transaction ends. It returns the `id` of the user and the new `version` of the
 * permissions, or no row if there is no such user.
 *
 * @param user - a condition that one user meets
 */
export function raisePermissionsVersion(user: Sql): Sql {
  return sql`
    UPDATE "users" SET "permissions_version" = "permissions_version" + 1
    WHERE ${user} RETURNING "id", "permissions_version" AS "version"`;
}

/**
 * The statement for every other change of permissions. Cached permissions of the users are no longer valid.
 *
 * It locks the rows of the users until the transaction ends, and returns their ids.
 *
 * @param userIds - a query that selects the ids of the users
 */
export function resetPermissions({ lockedInOrder }: Pick<Dialect, 'lockedInOrder'>, userIds: Sql): Sql {
  // Two transactions that lock the same users in different orders would deadlock.
  return sql`
    UPDATE "users" SET "permissions_version" = "permissions_version" + 1,
      "permissions_reset_version" = "permissions_version" + 1
    WHERE ${lockedInOrder(userIds)} RETURNING "id"`;
}
