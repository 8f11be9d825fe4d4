import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Dialect } from '../sql/dialect.ts';

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
 * The statement that says that the permissions of users have changed in some other way than by a grant added to them:
 * compiled ones are of no use any more. It locks the users' rows until the transaction ends, and returns the `id` of each.
 *
 * @param userIds - a query that selects their ids
 */
export function resetPermissions({ lockedInOrder }: Pick<Dialect, 'lockedInOrder'>, userIds: Sql): Sql {
  // Two transactions that lock the same users in different orders would wait for each other.
  return sql`
    UPDATE "users" SET "permissions_version" = "permissions_version" + 1,
      "permissions_reset_version" = "permissions_version" + 1
    WHERE ${lockedInOrder(userIds)} RETURNING "id"`;
}
