import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}/docs/architecture.md`, 'utf8');

const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** The rooms that each room may use, by the tables of docs/architecture.md. */
const uses = new Map<string, readonly string[]>();
/** Rooms that every room may use. */
const open = ['config', 'settings'];
for (const [, rooms = '', , used] of page.matchAll(/^\| (`src[^|]*) \|([^|]*)\|(?:([^|]*)\|)?$/gm)) {
  for (const room of roomsIn(rooms)) {
    uses.set(room, used?.includes('every room') ? ['*'] : roomsIn(used ?? ''));
    if (used === undefined) open.push(room);
  }
}

it('has the rooms of src in docs/architecture.md', () => {
  const rooms = readdirSync(`${root}/src`).map((name) => name.replace('.ts', ''));
  expect([...uses.keys()].sort()).toEqual(rooms.sort());
});

it.each([...uses])('%s uses only the rooms that docs/architecture.md names', (room, allowed) => {
  const found = new Set<string>();
  for (const file of files.filter((name) => name === `${room}.ts` || name.startsWith(`${room}/`))) {
    const text = readFileSync(`${root}/src/${file}`, 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import\() ?'(\.[^']*)'/g)) {
      found.add(new URL(path, `file:///${file}`).pathname.split('/')[1]?.replace('.ts', '') ?? '');
    }
  }
  const strange = [...found].filter(
    (used) => used !== room && !allowed.includes(used) && !open.includes(used),
  );
  expect(allowed.includes('*') ? strange.filter((used) => used === 'cli') : strange).toEqual([]);
});

function roomsIn(cell: string): string[] {
  return [...cell.matchAll(/`src\/([a-z-]+)(?:\.ts)?`/g)].map(([, room = '']) => room);
}
