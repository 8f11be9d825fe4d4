import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Below node_modules, so that packages that are not bundled are found. */
const builtFolder = join(root, 'node_modules', '.cache', 'dtrace-gateway-bench');

/** The path of a compiled program. */
export function built(name: string): string {
  return join(builtFolder, `${name}.mjs`);
}

const entryPoints = [
  'servers/ceiling.ts',
  'servers/spliced.ts',
  'servers/apollo.ts',
  'servers/yoga.ts',
  'servers/mercurius.ts',
  'worst/probe.ts',
];

/**
 * Compiles the other servers and the probe. Like the gateway, they run without a TypeScript loader; a thread cannot have
 * one.
 */
export async function buildPrograms(): Promise<void> {
  mkdirSync(builtFolder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entryPoints.map((path) => [basename(path, '.ts'), `bench/${path}`])),
    outdir: builtFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
}
