// Builds dist/: generates the Prisma clients, bundles GraphiQL, then the program. `npm run types` checks the types.
//
//   node scripts/build.js                  always
//   node scripts/build.js --if-stale       only when a source is newer than the last build
//   node scripts/build.js --generate-only  all but the program itself, if it has changed
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isFresh, isNewer, modifiedAt, root, stamp } from './freshness.js';

const options = new Set(process.argv.slice(2));
const providers = ['sqlite', 'postgresql'];

if (options.has('--if-stale') && isFresh()) process.exit(0);
if (!isInstalled('esbuild') || !isInstalled('prisma')) {
  // An install without development dependencies keeps the build that came with it.
  if (options.has('--if-stale') && existsSync(stamp)) process.exit(0);
  fail('Building needs the development dependencies: run `npm ci` first.');
}

for (const provider of providers) generateClient(provider);
await bundleGraphiql();
if (!options.has('--generate-only')) {
  for (const name of readdirSync(join(root, 'dist'))) {
    if (name !== 'graphiql') rmSync(join(root, 'dist', name), { recursive: true, force: true });
  }
  await bundle();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}

/**
 * Bundles the program into a few files, so that the server starts in half the time. Packages with files of their own
 * (native code, WebAssembly), or that are loaded only when needed, are not bundled.
 */
async function bundle() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'cli/program': 'src/cli/program.ts',
      'schema/write-sdl': 'src/schema/write-sdl.ts',
    },
    outdir: 'dist',
    // Every file is two levels below the root, as in src/, so that paths relative to a module work in both.
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    plugins: [
      { name: 'one-graphql', setup: (build) => build.onResolve({ filter: /^graphql(\/|$)/ }, findGraphql) },
    ],
    external: ['@prisma/*', '@photostructure/sqlite', 'pg'],
    // Otherwise some libraries run extra checks.
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // Half the size to read at start. Stacks still have function names.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    logLevel: 'warning',
  });
}

/**
 * All packages use one copy of graphql: two copies do not accept each other's types, without any error in production. Some
 * packages import its CommonJS files, or single files.
 */
function findGraphql({ path }) {
  const file = path.slice('graphql'.length).replace(/\.js$/, '') || '/index';
  const candidates = [`${file}.mjs`, `${file}/index.mjs`].map((name) =>
    join(root, 'node_modules', 'graphql', name),
  );
  return { path: candidates.find(existsSync) };
}

function generateClient(provider) {
  const schema = join(root, 'prisma', provider, 'schema.prisma');
  const client = join(root, 'src', 'store', provider, 'generated', 'client.ts');
  if (existsSync(client) && modifiedAt(client) > modifiedAt(schema)) return;
  run(bin('prisma', 'prisma'), ['generate', '--schema', schema, '--no-hints'], {
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  });
}

async function bundleGraphiql() {
  const inputs = ['package-lock.json', 'graphiql', join('scripts', 'build-graphiql.js')];
  if (isNewer(join(root, 'dist', 'graphiql', 'manifest.json'), inputs)) return;
  // Imported here because an install without development dependencies has no bundler.
  const { buildGraphiql } = await import('./build-graphiql.js');
  await buildGraphiql(root);
}

function isInstalled(name) {
  return existsSync(join(root, 'node_modules', name, 'package.json'));
}

function bin(packageName, command) {
  const manifest = createRequire(import.meta.url)(`${packageName}/package.json`);
  const relative = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command];
  return join(root, 'node_modules', packageName, relative);
}

function run(script, args, env = {}) {
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  fail(`The build failed in ${args.join(' ')}.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
