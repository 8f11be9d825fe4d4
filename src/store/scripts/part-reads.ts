import { inTurn } from '../../in-turn.ts';
import type { ReadBudget } from '../store.ts';
import { type Outlined, partsOf } from './read-sizes.ts';
import type { Read, ScriptLookUps } from './script-look-ups.ts';
import type { Projection } from './script-statements.ts';

export type ReadInParts = ReturnType<typeof createPartReads>;

/** Creates the read of scripts that are large together. */
export function createPartReads({ searchAlone }: Pick<ScriptLookUps, 'searchAlone'>) {
  /**
   * Reads scripts in parts of bounded size. Other requests get their turn between the parts.
   *
   * @throws the error of the budget, before a read that is beyond it
   */
  return async function readInParts(
    outlines: readonly Pick<Outlined, 'uuid' | 'bytes'>[],
    projection: Projection,
    budget?: ReadBudget,
  ): Promise<Map<string, Read>> {
    for (const { bytes } of outlines) budget?.spendOnReading(bytes);
    const found = new Map<string, Read>();
    for (const part of partsOf(outlines)) {
      await inTurn(() => undefined);
      const find = await searchAlone(
        part.map(({ uuid }) => uuid),
        projection,
      );
      for (const { uuid, bytes } of part) {
        const read = find(uuid);
        if (read === undefined) continue;
        // The script may be longer as JSON, or may have grown since.
        if (read.bytes > bytes) budget?.spendOnReading(read.bytes - bytes);
        found.set(uuid, read);
      }
    }
    return found;
  };
}
