import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../json/json-object.ts';
import { recordOf } from '../audit/audit-record.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { MetadataOutcome, WriteOptions, WriteOutcome } from '../store.ts';

/** What a refused write reads to tell why. */
export interface CurrentScript {
  readonly revision: number;
  readonly metadata: JsonObject;
}

/** Tells why a write was refused; undefined if the current script is no reason. */
export type Explain<Outcome> = (
  current: CurrentScript | undefined,
  ifRevision: number | undefined,
) => Outcome | undefined;

export type ScriptUpdate = ReturnType<typeof createScriptUpdate>;

/** More attempts than concurrent writes can spoil. */
const maxAttempts = 10;

/** Creates the update of one script, which the writes share. */
export function createScriptUpdate(database: SqlDatabase, dialect: Dialect) {
  return {
    /**
     * Changes one script by one statement. If its conditions do not hold, reads the script to tell why. If there is no
     * reason any more, another write came between: then the statement is tried again.
     */
    async run<Outcome extends MetadataOutcome>(
      uuid: string,
      { ifRevision, event }: WriteOptions,
      changes: readonly Sql[],
      conditions: readonly Sql[],
      explain: Explain<Outcome>,
    ): Promise<Outcome | Extract<WriteOutcome, { status: 'written' }>> {
      const statement = sql`
        UPDATE "dtrace_scripts" SET ${join(changes)}, "revision" = "revision" + 1,
          "updated_at" = ${dialect.later(sql`"updated_at"`, event.at)}, "changed_in" = ${dialect.changeNumber}
        WHERE ${join([isScript(uuid), isAt(ifRevision), ...conditions], ' AND ')}
        RETURNING "revision"`;
      const record = recordOf(event);
      for (let attempt = 1; ; attempt += 1) {
        const [written] = await database.write<{ revision: number }>(statement, record);
        if (written !== undefined) return { status: 'written', revision: written.revision };
        const reason = explain(await readCurrent(uuid), ifRevision);
        if (reason !== undefined) return reason;
        if (attempt === maxAttempts) {
          throw new Error(`The write to script ${uuid} is refused for no visible reason.`);
        }
      }
    },
    readCurrent,
    isScript,
  };

  async function readCurrent(uuid: string): Promise<CurrentScript | undefined> {
    const [row] = await database.query<CurrentScript>(sql`
      SELECT "revision", "metadata" FROM "dtrace_scripts" WHERE ${isScript(uuid)}`);
    return row;
  }

  function isScript(uuid: string): Sql {
    return sql`"uuid" = ${dialect.uuid(uuid)}`;
  }
}

/** The condition that a script has the expected revision. */
export function isAt(revision: number | undefined): Sql {
  return revision === undefined ? sql`TRUE` : sql`"revision" = ${revision}`;
}

/** Tells that a script is missing, or has another revision than expected. */
export const explainRevision: Explain<Exclude<WriteOutcome, { status: 'written' }>> = (
  current,
  ifRevision,
) => {
  if (current === undefined) return { status: 'missing' };
  if (ifRevision !== undefined && ifRevision !== current.revision) {
    return { status: 'moved', revision: current.revision };
  }
  return undefined;
};
