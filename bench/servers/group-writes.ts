import type { MetadataWrite, Statements } from './statements.ts';

interface Waiting {
  readonly write: MetadataWrite;
  resolve(isDone: boolean): void;
  reject(error: unknown): void;
}

/**
 * Groups writes: those that arrive together, or during a commit, share the next commit. Writes of the same script keep
 * their order: the second one waits for the commit after.
 */
export function groupWrites(commit: Statements['setMetadata']): (write: MetadataWrite) => Promise<boolean> {
  let waiting: Waiting[] = [];
  let isCommitting = false;

  return (write) =>
    new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject });
      if (isCommitting) return;
      isCommitting = true;
      // After all requests of this turn of the event loop.
      setImmediate(commitWaiting);
    });

  async function commitWaiting(): Promise<void> {
    const group = takeGroup();
    try {
      const done = await commit(group.map(({ write }) => write));
      for (const [index, { resolve }] of group.entries()) resolve(done[index] === true);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    isCommitting = waiting.length > 0;
    if (isCommitting) setImmediate(commitWaiting);
  }

  /** The first write of each script. */
  function takeGroup(): Waiting[] {
    const group = new Map<string, Waiting>();
    const left: Waiting[] = [];
    for (const each of waiting) {
      if (group.has(each.write.uuid)) left.push(each);
      else group.set(each.write.uuid, each);
    }
    waiting = left;
    return [...group.values()];
  }
}
