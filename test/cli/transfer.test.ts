import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { openSession, runCommand, runShell, startServer } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'dtrace-gateway-transfer-'));
const file = join(folder, 'everything.jsonl');
let world: World;
let source: { readonly DATABASE_URL: string };
const copies: TestDatabase[] = [];

beforeAll(async () => {
  world = await createWorld();
  source = { DATABASE_URL: world.database.url };
  // U+2028 ends a line for some readers of lines, and is an ordinary character of a name.
  await world.addScript('a\u2028b', { metadata: { note: 'c\u2029d\r' } });
});
afterAll(async () => {
  await world.close();
  for (const copy of copies) await copy.drop();
  rmSync(folder, { recursive: true });
});

async function createCopy(): Promise<{ readonly DATABASE_URL: string }> {
  const copy = await createDatabase();
  copies.push(copy);
  return { DATABASE_URL: copy.url };
}

it('moves a gateway to another database, tokens and all', async () => {
  const exported = await runCommand(['export', file], source);
  expect(exported).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^Exported \d+ records\.\n$/),
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const target = await createCopy();
  const imported = await runCommand(['import', file, '--json'], target);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(imported.stdout)).toEqual({ records: lines.length - 2 });

  const server = await startServer({ ...target });
  expect(server.adminToken).toBeUndefined();
  const { data } = await server.ask(
    world.tokens.reader,
    '{ viewer { name } dtraceScripts { name metadata } }',
  );
  expect(data).toEqual({
    viewer: { name: 'reader' },
    dtraceScripts: [{ name: 'a\u2028b', metadata: { note: 'c\u2029d\r' } }],
  });
  await server.stop();
});

it('flows through pipes', async () => {
  const target = await createCopy();
  const { code, stdout } = await runShell(
    `$GATEWAY export 2>/dev/null | DATABASE_URL='${target.DATABASE_URL}' $GATEWAY import`,
    source,
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Imported \d+ records\.\n$/) });
});

it('says in one line what is wrong, and changes nothing', async () => {
  const inSource = openSession(source);
  const inTarget = openSession(await createCopy());
  await inSource('export', file);
  const damaged = join(folder, 'damaged.jsonl');
  await writeFile(damaged, (await readFile(file, 'utf8')).replace('"name":"admin"', '"name":"nimda"'));
  const fromDamaged = await inTarget('import', damaged);
  const fromNothing = await inTarget('import', join(folder, 'nothing'));
  const intoFull = await inSource('import', file);
  const toNowhere = await inSource('export', join(folder, 'no', 'file'));

  expect(fromDamaged.stderr).toMatch(
    /^Line \d+: it, or the order of the lines, was changed after the export\. Nothing was imported\.\n$/,
  );
  expect(fromNothing.stderr).toBe(`There is no ${join(folder, 'nothing')}.\n`);
  expect(intoFull.stderr).toMatch(/^The database is not empty: "users" holds something\. .*\n$/);
  expect(toNowhere.stderr).toBe(`There is no ${join(folder, 'no', 'file.partial')}.\n`);
  for (const ended of [fromDamaged, fromNothing, intoFull, toNowhere]) {
    expect(ended).toMatchObject({ code: 1, stdout: '' });
  }
  expect(await inTarget('users', 'list', '--json')).toMatchObject({ stdout: '[]\n' });
});
