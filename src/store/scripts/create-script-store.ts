import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { ScriptStore } from '../store.ts';
import { createMetadataWrites } from './metadata-writes.ts';
import { createScriptReads } from './script-reads.ts';
import { createScriptUpdate } from './script-update.ts';
import { createScriptWrites } from './script-writes.ts';

/** Creates the scripts of a database. Each write is one statement that checks its own conditions, so no write is lost. */
export function createScriptStore(database: SqlDatabase, dialect: Dialect): ScriptStore {
  const update = createScriptUpdate(database, dialect);
  return {
    ...createScriptReads(database, dialect),
    ...createScriptWrites(database, dialect, update),
    ...createMetadataWrites(dialect, update),
  };
}
