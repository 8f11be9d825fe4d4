import DataLoader from 'dataloader';
import type { ScriptOperations } from '../operations/script-operations.ts';
import type { DtraceScriptColumn } from '../scripts/dtrace-script.ts';
import type { PartialScript } from '../store/store.ts';

interface Key {
  readonly uuid: string;
  readonly columns: readonly DtraceScriptColumn[];
}

/** Looks scripts up by UUID: one query for all that one request asks for at a time, with the columns that it needs. */
export interface ScriptLoader {
  /** @returns null when there is no such script */
  load(uuid: string, columns: readonly DtraceScriptColumn[]): Promise<PartialScript | null>;
  /** Forgets what was read: to be called after every write. */
  clear(): void;
}

/** Creates the loader of one request. It checks no permission: the schema does, before and after. */
export function createScriptLoader(scripts: Pick<ScriptOperations, 'find'>): ScriptLoader {
  const loader = new DataLoader<Key, PartialScript | null, string>(
    async (keys) => {
      const [only, ...others] = keys;
      if (only !== undefined && others.length === 0) {
        const [script] = await scripts.find([only.uuid], only.columns);
        return [script ?? null];
      }
      const columns = new Set(keys.flatMap((key) => key.columns));
      const found = await scripts.find([...new Set(keys.map(({ uuid }) => uuid))], [...columns]);
      const byUuid = new Map(found.map((script) => [script.uuid, script]));
      return keys.map(({ uuid }) => byUuid.get(uuid) ?? null);
    },
    { cacheKeyFn: ({ uuid, columns }) => `${uuid} ${columns.join()}` },
  );
  return {
    load: (uuid, columns) => loader.load({ uuid, columns }),
    clear: () => void loader.clearAll(),
  };
}
