// Checks whether the build is newer than its sources.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Written at the end of each build. */
export const stamp = join(root, 'dist', '.built');

const inputs = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'prisma', 'graphiql', 'scripts'];

/** Whether the program was built from the current sources. */
export function isFresh() {
  return isNewer(stamp, inputs);
}

/** Whether a file exists and is newer than all its sources. */
export function isNewer(file, inputs) {
  if (!existsSync(file)) return false;
  const builtAt = modifiedAt(file);
  return inputs.every((input) => newestIn(join(root, input)) <= builtAt);
}

export function modifiedAt(path) {
  return statSync(path).mtimeMs;
}

function newestIn(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The time of a folder changes when a file is removed from it.
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestIn(join(path, name))),
    stats.mtimeMs,
  );
}
