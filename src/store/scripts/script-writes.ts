import { sqltag as sql } from '@prisma/client/runtime/client';
import { parsePermission, scriptUuidOf } from '../../permissions/permission.ts';
import { userGrantColumns } from '../accounts/account-columns.ts';
import { recordOf } from '../audit/audit-record.ts';
import { raisePermissionsVersion, resetPermissions } from '../cache/permissions-version.ts';
import { listOf } from '../sql/columns.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { ScriptStore } from '../store.ts';
import { explainRevision, isAt, type ScriptUpdate } from './script-update.ts';
import { assignmentsOf, insertionOf } from './script-values.ts';

/** Creates the writes that create, change and delete scripts. */
export function createScriptWrites(
  database: SqlDatabase,
  dialect: Dialect,
  { run, readCurrent, isScript }: ScriptUpdate,
): Pick<ScriptStore, 'create' | 'update' | 'delete'> {
  return {
    create: async (script, { userId, permission }, event) => {
      const [creator] = await database.write(
        raisePermissionsVersion(sql`"id" = ${dialect.uuid(userId)}`),
        insertionOf(script, dialect),
        sql`INSERT INTO "user_grants" (${listOf(userGrantColumns)})
          SELECT "id", ${permission}, ${scriptUuidOf(parsePermission(permission))}, "version" FROM "written"`,
        recordOf(event),
      );
      return creator !== undefined;
    },

    update: (uuid, { name, script, config }, write) =>
      run(uuid, write, assignmentsOf({ name, script, config }, dialect), [], explainRevision),

    delete: async (uuid, { ifRevision, event }) => {
      const namesIt = sql`"script_uuid" IN (SELECT "uuid" FROM "written")`;
      const [deleted] = await database.write<{ revision: number }>(
        sql`DELETE FROM "dtrace_scripts" WHERE ${isScript(uuid)} AND ${isAt(ifRevision)}
          RETURNING "uuid", "revision", "changed_in"`,
        resetPermissions(
          dialect,
          sql`SELECT "user_id" FROM "user_grants" WHERE ${namesIt}
            UNION SELECT m."user_id" FROM "role_members" m JOIN "role_grants" g ON g."role_id" = m."role_id"
            WHERE ${namesIt}`,
        ),
        sql`DELETE FROM "user_grants" WHERE ${namesIt}`,
        sql`DELETE FROM "role_grants" WHERE ${namesIt}`,
        ...dialect.keepChangeNumber,
        recordOf(event),
      );
      if (deleted !== undefined) return { status: 'written', revision: deleted.revision };
      return explainRevision(await readCurrent(uuid), ifRevision) ?? { status: 'missing' };
    },
  };
}
