import { sqltag as sql } from '@prisma/client/runtime/client';
import { recordOf } from '../audit/audit-record.ts';
import { insertionOf } from '../scripts/script-values.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { AccountStore } from '../store.ts';
import { isUniqueViolation } from './account-transactions.ts';

/** Creates the write that adds the first user. */
export function createFirstUser(database: SqlDatabase, dialect: Dialect): Pick<AccountStore, 'bootstrap'> {
  return {
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
        // Another process has added the same first user meanwhile.
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
  };
}
