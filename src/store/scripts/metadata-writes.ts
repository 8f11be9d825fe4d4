import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { findObstacle, type MetadataPath, valueAt } from '../../json/metadata-path.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { MetadataOutcome, ScriptStore } from '../store.ts';
import { type Explain, explainRevision, type ScriptUpdate } from './script-update.ts';

/** Creates the writes that set and remove metadata. */
export function createMetadataWrites(
  dialect: Dialect,
  { run }: ScriptUpdate,
): Pick<ScriptStore, 'setMetadata' | 'unsetMetadata'> {
  return {
    setMetadata: (uuid, path, members, write) => {
      const document = dialect.metadataWith(path, members);
      // An obstacle to one member is an obstacle to all, so any key will do.
      const member = [...path, ''];
      const explain: Explain<MetadataOutcome> = (current, ifRevision) => {
        const moved = explainRevision(current, ifRevision);
        if (moved !== undefined || current === undefined) return moved;
        const at = findObstacle(current.metadata, member);
        return at === undefined ? { status: 'too-large' } : { status: 'obstructed', at };
      };
      // A document may stay larger than a limit that was lowered, as long as it does not grow.
      const fits = sql`(${dialect.documentBytes(document)} <= ${write.maxBytes}
        OR ${dialect.documentBytes(document)} <= ${dialect.documentBytes(sql`"metadata"`)})`;
      return run(uuid, write, [sql`"metadata" = ${document}`], [...isFree(member), fits], explain);
    },

    unsetMetadata: (uuid, path, write) => {
      const explain: Explain<MetadataOutcome> = (current, ifRevision) => {
        const moved = explainRevision(current, ifRevision);
        if (moved !== undefined || current === undefined) return moved;
        return valueAt(current.metadata, path) === undefined ? { status: 'absent' } : undefined;
      };
      const change = sql`"metadata" = ${dialect.metadataWithout(path)}`;
      return run(uuid, write, [change], [...isFree(path), dialect.metadataIsSet(path)], explain);
    },
  };

  /** The conditions that every value on the way to a path is an object, or missing. */
  function isFree(path: MetadataPath): Sql[] {
    return path
      .slice(1)
      .map(
        (_, index) => sql`coalesce(${dialect.metadataType(path.slice(0, index + 1))}, 'object') = 'object'`,
      );
  }
}
