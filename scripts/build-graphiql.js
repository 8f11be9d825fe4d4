// Bundles the page in graphiql/ and the workers of its editor into dist/graphiql/. Files are named after their contents,
// and each has a compressed copy. A manifest lists the files that the page loads first.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The path under which the gateway serves the files. */
const publicPath = '/graphiql/';

/** @param root - of the project */
export async function buildGraphiql(root) {
  const outdir = join(root, 'dist', 'graphiql');
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    publicPath,
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'file' },
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'error',
  };
  const workers = await build({
    ...common,
    entryPoints: {
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    },
  });
  const workerUrls = Object.fromEntries(
    Object.keys(workers.metafile.outputs).map((path) => [
      basename(path).split('.')[0],
      publicPath + basename(path),
    ]),
  );
  const page = await build({
    ...common,
    splitting: true,
    jsx: 'automatic',
    // GraphiQL imports them by older names: there, prettier has CommonJS files without named exports.
    alias: {
      'prettier/parser-babel': 'prettier/plugins/babel',
      'prettier/parser-graphql': 'prettier/plugins/graphql',
    },
    entryPoints: ['graphiql/page.tsx'],
    define: { ...common.define, WORKER_URLS: JSON.stringify(workerUrls) },
  });

  mkdirSync(outdir, { recursive: true });
  const entry = entryOf(page.metafile);
  // The style sheet of the page contains those of the chunks, so they are never loaded.
  const isUsed = (path) => !path.endsWith('.css') || basename(path) === entry.style;
  const files = [...workers.outputFiles, ...page.outputFiles].filter(({ path }) => isUsed(path));
  for (const { path, contents } of files) {
    writeFileSync(path, contents);
    writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }));
  }
  const manifest = { ...entry, files: files.map(({ path }) => basename(path)).sort() };
  writeFileSync(join(outdir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The files that the page needs at once: its script, its style sheet, and the chunks up to the editor. */
function entryOf({ outputs }) {
  const outputOf = (source) =>
    Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith(source));
  const script = outputOf('graphiql/page.tsx');
  const preload = new Set();
  const visit = (path) => {
    if (preload.has(path)) return;
    preload.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') visit(next);
  };
  for (const source of [
    'graphiql/page.tsx',
    'monaco-graphql/esm/monaco-editor.js',
    'monaco-graphql/esm/lite.js',
  ]) {
    visit(outputOf(source));
  }
  preload.delete(script);
  return {
    script: basename(script),
    style: basename(outputs[script].cssBundle),
    preload: [...preload].map((path) => basename(path)),
  };
}
