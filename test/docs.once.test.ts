import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  '.',
  'docs',
  'docs/decisions',
  'bench',
  'examples/stitching',
  'examples/federation',
  'examples/frontend',
]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((page) => page.endsWith('.md'));

const read = (page: string) => readFileSync(join(root, page), 'utf8');

it('links to nothing that is not there', () => {
  const links = pages.flatMap((page) =>
    [
      ...read(page)
        .replace(/^ *```.*?^ *```|`[^`\n]*`/gms, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, target = '']) => ({ page, target })),
  );
  expect(links.length).toBeGreaterThan(50);
  const broken = links.filter(
    ({ page, target }) => !/^https?:/.test(target) && !leadsSomewhere(page, target),
  );
  expect(broken).toEqual([]);
});

it('names no file that is not there', () => {
  // What is told of the past may name files of then.
  const told = pages.filter((page) => !/^CHANGELOG|^docs.decisions/.test(page));
  const paths = told.flatMap((page) =>
    [...read(page).matchAll(/`((?:src|test|scripts|docs|prisma|examples|bench)\/[\w./-]*\w)/g)].map(
      ([, path = '']) => ({ page, path }),
    ),
  );
  expect(paths.length).toBeGreaterThan(50);
  const isThere = (place: string) => existsSync(join(root, place));
  expect(paths.filter(({ page, path }) => !isThere(path) && !isThere(join(dirname(page), path)))).toEqual([]);
});

it('names no command of npm that is not there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const names = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, name = '']) => name),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
});

it('draws the steps of a request, and of an operation, in their order', () => {
  const steps = /createHttpServer\(config, \[\n(.*?)\n\n/s.exec(read('src/gateway.ts'))?.[1] ?? '';
  const hooks = [...steps.matchAll(/^ {4}(?:\(server\) => )?(\w+)/gm)].map(([, name = '']) => name);
  const plugins = /plugins: \[\n(.*?)\n {4}\]/s.exec(read('src/graphql/engine.ts'))?.[1] ?? '';
  const names = [...hooks, ...[...plugins.matchAll(/\buse[A-Z]\w+/g)].map(([name]) => name)];
  expect(names.length).toBeGreaterThan(13);
  const drawn = [...read('docs/lifecycle.md').matchAll(/─ (\w+)\b/g)].map(([, name = '']) => name);
  expect(drawn.filter((name) => names.includes(name))).toEqual(names);
});

it('shows each defence of the threat model by tests that are there', () => {
  const rows = read('docs/threat-model.md').matchAll(/^\| [^|]* \| [^|]* \| (`[^|]*`) \|$/gm);
  const names = [...rows].flatMap(([, cell = '']) =>
    cell.split(', ').map((name) => name.replaceAll('`', '')),
  );
  expect(names.length).toBeGreaterThan(20);
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const isThere = (name: string) =>
    tests.some((test) => test === name || test.replace(/(\.once|\.both)?\.test\.ts$/, '') === name);
  expect(names.filter((name) => !isThere(name))).toEqual([]);
});

it('has a README that is read in one sitting', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
