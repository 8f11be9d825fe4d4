// What `npm start` runs: the program, built before when a source has changed. One process for both: another one, and
// the shell around it, would take longer than the look at the sources.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isFresh } from './freshness.js';

if (!isFresh()) {
  const build = fileURLToPath(new URL('build.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
await import('../dist/main.js');
