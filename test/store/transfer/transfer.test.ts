import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DatabaseOptions,
  exportDatabase,
  importDatabase,
  migrateDatabase,
} from '../../../src/store/open-store.ts';
import { createDatabase, createSqliteDatabase, type TestDatabase } from '../../support/database.ts';
import { anyEvent } from '../../support/event.ts';
import { openRawDatabase } from '../../support/raw-database.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let exported: string[];
const databases: TestDatabase[] = [];

const options = (databaseUrl: string): DatabaseOptions => ({
  databaseUrl,
  databaseTimeoutMs: 5000,
  databasePoolSize: 2,
});

async function emptyDatabase(): Promise<DatabaseOptions> {
  const database = await createDatabase();
  databases.push(database);
  await migrateDatabase(options(database.url));
  return options(database.url);
}

async function linesOf(database: DatabaseOptions): Promise<string[]> {
  const lines: string[] = [];
  await exportDatabase(database, async (line) => void lines.push(line));
  return lines;
}

async function* streamOf(lines: readonly string[]) {
  yield* lines;
}

/** The records of lines, without the checks that follow from the time of the export, and the trace of an import. */
const contentOf = (lines: readonly string[]) =>
  lines
    .slice(1, -1)
    .map((line) => {
      const { check: _, ...content } = JSON.parse(line);
      return content;
    })
    .filter(({ action }) => action !== event.action);

const event = { ...anyEvent(), action: 'IMPORT' } as const;

beforeAll(async () => {
  world = await createWorld();
  await world.accounts.add('role', 'operators 🛠');
  await world.accounts.grant('role', 'operators 🛠', 'dtrace->_->stream');
  await world.accounts.join('reader', 'operators 🛠');
  await world.accounts.link('reader', 'auth0|reader');
  const metadata = { ['__proto__']: { 'a"b\\c': [null, 1.5, '🙂'] } };
  // More than a page of the export, past the gateway, which would take its time for each.
  const at = '2026-11-23T15:36:00.000Z';
  const rows = Array.from(
    { length: 520 },
    (_, n) =>
      `('${randomUUID()}', 'script ${n}', 'BEGIN { exit(0); }', '{}', '${JSON.stringify({ n, ...metadata })}', 1, '${at}', '${at}')`,
  );
  const raw = await openRawDatabase(world.database.url);
  await raw.run(`INSERT INTO dtrace_scripts
    (uuid, name, script, config, metadata, revision, created_at, updated_at) VALUES ${rows.join(', ')}`);
  await raw.close();
  await world.addScript('one by the gateway', { metadata });
  exported = await linesOf(options(world.database.url));
});
afterAll(async () => {
  await world.close();
  for (const database of databases) await database.drop();
});

describe('export and import', () => {
  it('carry everything over: the copy exports the same, and the tokens work', async () => {
    const copy = await emptyDatabase();
    const seen: number[] = [];
    const count = await importDatabase(copy, streamOf(exported), event, (records) => seen.push(records));
    expect(count).toBe(exported.length - 2);
    expect(seen.at(-1)).toBe(count);
    const copied = await linesOf(copy);
    expect(contentOf(copied)).toEqual(contentOf(exported));
    expect(JSON.parse(copied.at(-2) ?? '')).toMatchObject({ action: 'IMPORT', target: `${count} records` });
    expect(exported.join('\n')).not.toContain('dtg_');
    expect(exported.join('\n')).toContain('operators 🛠');
    expect(exported.join('\n')).toContain('auth0|reader');
  });

  it('export the database as it is at one moment, while it is written to', async () => {
    const uuid = await world.addScript('moving');
    const lines: string[] = [];
    await exportDatabase(options(world.database.url), async (line) => {
      if (lines.length === 3) {
        const answer = await world.ask(
          'admin',
          'mutation ($uuid: UUID!) { deleteDtraceScript(uuid: $uuid) { uuid } }',
          { uuid },
        );
        expect(answer.errors).toEqual([]);
      }
      lines.push(line);
    });
    expect(lines.some((line) => line.includes('"moving"'))).toBe(true);
  });

  const script = () => exported.findIndex((line) => line.includes('"type":"script"')) + 50;
  const damages: [string, (lines: string[]) => string[], (lines: string[]) => number][] = [
    [
      'one letter of a script is another',
      (lines) => lines.with(script(), lines[script()]?.replace('exit(0)', 'exit(1)') ?? ''),
      () => script() + 1,
    ],
    ['a line is missing', (lines) => lines.toSpliced(script(), 1), () => script() + 1],
    ['a line is doubled', (lines) => lines.toSpliced(script(), 0, lines[script()] ?? ''), () => script() + 2],
    [
      'a line is cut',
      (lines) => lines.with(script(), lines[script()]?.slice(0, 40) ?? ''),
      () => script() + 1,
    ],
    ['the end is missing', (lines) => lines.slice(0, -1), (lines) => lines.length + 1],
    ['something follows the end', (lines) => [...lines, lines.at(-1) ?? ''], (lines) => lines.length],
    ['it is no export at all', () => ['{"hello": "world"}'], () => 1],
    ['it is empty', () => [], () => 1],
  ];

  it('refuse a damaged file with the number of the line, and import nothing', async () => {
    const target = await emptyDatabase();
    for (const [damage, apply, lineOf] of damages) {
      const damaged = apply(exported);
      const attempt = importDatabase(target, streamOf(damaged), event);
      await expect(attempt, damage).rejects.toThrow(
        new RegExp(`^Line ${lineOf(damaged)}: .* Nothing was imported\\.$`),
      );
      expect(contentOf(await linesOf(target)), damage).toEqual([]);
    }
  });

  it('refuse a database that holds something', async () => {
    await expect(importDatabase(options(world.database.url), streamOf(exported), event)).rejects.toThrow(
      /^The database is not empty: "users" holds something/,
    );
  });

  it('write and read the same file for either database', async () => {
    const database = await createSqliteDatabase();
    databases.push(database);
    await migrateDatabase(options(database.url));
    await importDatabase(options(database.url), streamOf(exported), event);
    expect(contentOf(await linesOf(options(database.url)))).toEqual(contentOf(exported));
  });
});
