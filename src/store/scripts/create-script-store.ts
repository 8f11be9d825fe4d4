import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { parsePermission, scriptUuidOf } from '../../permissions/permission.ts';
import type { DtraceScript, JsonObject } from '../../scripts/dtrace-script.ts';
import { findObstacle, type MetadataPath, valueAt } from '../../scripts/metadata-path.ts';
import { recordOf } from '../audit/create-audit-store.ts';
import { raisePermissionsVersion, resetPermissions } from '../cache/permissions-version.ts';
import type { Database } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { MetadataOutcome, ScriptStore, WriteOptions, WriteOutcome } from '../store.ts';
import { createScriptReads } from './script-reads.ts';

/** The scripts in the database. Each write is one statement that checks its own conditions, so none is ever lost. */
export function createScriptStore(database: Database, dialect: Dialect): ScriptStore {
  return {
    ...createScriptReads(database, dialect),

    create: async (script, grant, event) => {
      const [creator] = await database.write(
        raisePermissionsVersion(sql`"id" = ${dialect.uuid(grant.userId)}`),
        insertionOf(script, dialect),
        sql`INSERT INTO "user_grants" ("user_id", "permission", "script_uuid", "since_version")
          SELECT "id", ${grant.permission}, ${scriptUuidOf(parsePermission(grant.permission))}, "version" FROM "written"`,
        recordOf(event),
      );
      return creator !== undefined;
    },

    update: (uuid, { name, script, config }, write) =>
      writeOne(
        uuid,
        write,
        [
          ...(name === undefined ? [] : [sql`"name" = ${name}`]),
          ...(script === undefined ? [] : [sql`"script" = ${script}`]),
          ...(config === undefined ? [] : [sql`"config" = ${dialect.json(config)}`]),
        ],
        [],
        explainRevision,
      ),

    delete: async (uuid, { ifRevision, event }) => {
      const namesIt = sql`"script_uuid" IN (SELECT "uuid" FROM "written")`;
      const [deleted] = await database.write<{ revision: number }>(
        sql`DELETE FROM "dtrace_scripts" WHERE ${all([isScript(uuid), isAt(ifRevision)])}
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
      return explainRevision(await readForExplanation(uuid), ifRevision) ?? { status: 'missing' };
    },

    setMetadata: (uuid, path, members, write) => {
      const document = dialect.metadataWith(path, members);
      // What is in the way of one member is in the way of all, so any key will do.
      const member = [...path, ''];
      return writeOne(
        uuid,
        write,
        [sql`"metadata" = ${document}`],
        [
          ...isFree(member),
          // What makes the document no larger is fine, also where a limit was lowered or measures otherwise.
          sql`(${dialect.documentBytes(document)} <= ${write.maxBytes}
            OR ${dialect.documentBytes(document)} <= ${dialect.documentBytes(sql`"metadata"`)})`,
        ],
        (current, ifRevision) => {
          const moved = explainRevision(current, ifRevision);
          if (moved !== undefined || current === undefined) return moved;
          const at = findObstacle(current.metadata, member);
          return at === undefined ? { status: 'too-large' } : { status: 'obstructed', at };
        },
      );
    },

    unsetMetadata: (uuid, path, write) =>
      writeOne(
        uuid,
        write,
        [sql`"metadata" = ${dialect.metadataWithout(path)}`],
        [...isFree(path), dialect.metadataIsSet(path)],
        (current, ifRevision) => {
          const moved = explainRevision(current, ifRevision);
          if (moved !== undefined || current === undefined) return moved;
          return valueAt(current.metadata, path) === undefined ? { status: 'absent' } : undefined;
        },
      ),
  };

  /**
   * Changes one script in one statement. When its conditions do not hold, reads the script to tell why; when the
   * reason has gone by then, somebody else's write came between, and the statement is tried again.
   */
  async function writeOne<Outcome extends MetadataOutcome>(
    uuid: string,
    { ifRevision, event }: WriteOptions,
    changes: readonly Sql[],
    conditions: readonly Sql[],
    explain: (current: Explained | undefined, ifRevision?: number) => Outcome | undefined,
  ): Promise<Outcome | Extract<WriteOutcome, { status: 'written' }>> {
    const statement = sql`
      UPDATE "dtrace_scripts" SET ${join(changes)}, "revision" = "revision" + 1,
        "updated_at" = ${dialect.later(sql`"updated_at"`, event.at)}, "changed_in" = ${dialect.changeNumber}
      WHERE ${all([isScript(uuid), isAt(ifRevision), ...conditions])}
      RETURNING "revision"`;
    const record = recordOf(event);
    for (let attempt = 1; ; attempt += 1) {
      const [written] = await database.write<{ revision: number }>(statement, record);
      if (written !== undefined) return { status: 'written', revision: written.revision };
      const reason = explain(await readForExplanation(uuid), ifRevision);
      if (reason !== undefined) return reason;
      if (attempt === 10) throw new Error(`The write to script ${uuid} is refused for no visible reason.`);
    }
  }

  async function readForExplanation(uuid: string): Promise<Explained | undefined> {
    const [row] = await database.query<Explained>(sql`
      SELECT "revision", "metadata" FROM "dtrace_scripts" WHERE ${isScript(uuid)}`);
    return row;
  }

  /** Nothing but objects, or nothing at all, stands on the way to a path. */
  function isFree(path: MetadataPath): Sql[] {
    return path
      .slice(1)
      .map(
        (_, index) => sql`coalesce(${dialect.metadataType(path.slice(0, index + 1))}, 'object') = 'object'`,
      );
  }

  function isScript(uuid: string): Sql {
    return sql`"uuid" = ${dialect.uuid(uuid)}`;
  }
}

/** The record of a script that is created by a write. */
export function insertionOf(script: DtraceScript, dialect: Dialect): Sql {
  return sql`
    INSERT INTO "dtrace_scripts"
      ("uuid", "name", "script", "config", "metadata", "revision", "created_at", "updated_at", "changed_in")
    SELECT ${dialect.uuid(script.uuid)}, ${script.name}, ${script.script}, ${dialect.json(script.config)},
      ${dialect.json(script.metadata)}, ${script.revision}, ${script.createdAt}, ${script.updatedAt},
      ${dialect.changeNumber} FROM "written"`;
}

interface Explained {
  readonly revision: number;
  readonly metadata: JsonObject;
}

function isAt(revision: number | undefined): Sql {
  return revision === undefined ? sql`TRUE` : sql`"revision" = ${revision}`;
}

function all(conditions: readonly Sql[]): Sql {
  return join(conditions, ' AND ');
}

function explainRevision(
  current: Explained | undefined,
  ifRevision: number | undefined,
): Exclude<WriteOutcome, { status: 'written' }> | undefined {
  if (current === undefined) return { status: 'missing' };
  if (ifRevision !== undefined && ifRevision !== current.revision) {
    return { status: 'moved', revision: current.revision };
  }
  return undefined;
}
