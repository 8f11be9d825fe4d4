// `npm start` runs this. It builds the program if a source has changed, then runs it in the same process: a second process
// and its shell would take longer than the check of the sources.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isFresh } from './freshness.js';

if (!isFresh()) {
  const build = fileURLToPath(new URL('build.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
await import('../dist/main.js');
