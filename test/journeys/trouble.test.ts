import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { migrateDatabase } from '../../src/store/open-store.ts';
import type { Provider } from '../../src/store/store.ts';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { type Environment, runCommand } from '../support/process.ts';
import { openRawDatabase } from '../support/raw-database.ts';

let database: TestDatabase;
let folder: string;
let silent: Server;
let takenPort: number;
beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'dtrace-gateway-'));
  await writeFile(
    join(folder, 'notes.txt'),
    'This is no database, but a text that somebody needs. '.repeat(20),
  );
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  takenPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true });
  await database.drop();
});

/** Trouble that only one of the databases makes, or that is the same with both; each in a process of its own. */
const only = (wanted: Provider) => ({ concurrent: true, skip: provider !== wanted });

/** Starts a server that cannot start. @returns what it says, which has to be whole lines, and nothing else */
async function troubleOf(environment: Environment, ...options: string[]): Promise<string[]> {
  const startedAt = Date.now();
  const { code, stdout, stderr } = await runCommand(['serve', ...options], {
    DATABASE_URL: database.url,
    PORT: '0',
    ...environment,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/\n$/);
  expect(stderr).not.toMatch(/^\s+at |Error:|secret/m);
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  return stderr.trimEnd().split('\n');
}

/** An address with another password. */
function withPassword(url: string, password: string): string {
  const other = new URL(url);
  other.password = password;
  return other.href;
}

describe('a server that cannot start says in one line', only('sqlite'), () => {
  it('which settings are wrong, one line for each', async () => {
    expect(
      await troubleOf({ PORT: '99999', MAX_LIST_SIZE: 'many', DATABASE_URL: 'mysql://root:secret@db/x' }),
    ).toEqual([
      'DATABASE_URL must begin with file: (SQLite) or postgres:// (PostgreSQL), not "mysql:…".',
      'PORT must be a whole number from 0 to 65535, not "99999".',
      'MAX_LIST_SIZE must be a whole number from 1 to 1000000, not "many".',
    ]);
  });

  it('that the port is in use, and keeps the first token for the start that succeeds', async () => {
    expect(await troubleOf({ PORT: String(takenPort) })).toEqual([
      `Port ${takenPort} of 127.0.0.1 is in use. Set PORT to another one.`,
    ]);
    const raw = await openRawDatabase(database.url);
    expect(await raw.rows('SELECT "name" FROM "users"')).toEqual([]);
    await raw.close();
  });

  it('that the host is not this machine', async () => {
    // An address of the block that is set aside for documentation.
    expect(await troubleOf({ HOST: '192.0.2.1' })).toEqual([
      'This machine has no address 192.0.2.1. Mend HOST.',
    ]);
  });

  it('that the host is not known', async () => {
    const [line, ...more] = await troubleOf({ HOST: 'no such host' });
    expect(line).toMatch(/^HOST "no such host" is not known here \(E\w+\)\. Mend HOST\.$/);
    expect(more).toEqual([]);
  });

  it.each([
    ['a file in place of its folder', 'notes.txt/x.db', /notes\.txt is not a folder/],
    ['a file further up', 'notes.txt/deep/x.db', /a part of \S+ is not a folder/],
    ['a folder in its place', '', /unable to open database file/],
    ['another file in its place', 'notes.txt', /file is not a database/],
  ])('that the database cannot be opened: %s', async (_, name, reason) => {
    const path = join(folder, name);
    const lines = await troubleOf({ DATABASE_URL: `file:${path}` });
    expect(lines).toEqual([expect.stringMatching(reason)]);
    expect(lines[0]?.startsWith(`The database ${path.replace(/\/$/, '')} cannot be used: `)).toBe(true);
    expect(lines[0]?.endsWith('. Mend it, or DATABASE_URL.')).toBe(true);
  });
});

describe('a server that cannot start says in one line', only('postgresql'), () => {
  it('that nobody listens at the address of the database', async () => {
    expect(await troubleOf({ DATABASE_URL: 'postgres://gateway:secret@127.0.0.1:1/x' })).toEqual([
      'The database 127.0.0.1:1/x cannot be used: connect ECONNREFUSED 127.0.0.1:1. Mend it, or DATABASE_URL.',
    ]);
  });

  it('that somebody listens there, and never answers', async () => {
    const place = `127.0.0.1:${takenPort}/x`;
    expect(
      await troubleOf({ DATABASE_URL: `postgres://gateway:secret@${place}`, DATABASE_TIMEOUT_MS: '300' }),
    ).toEqual([`The database ${place} cannot be used: timeout expired. Mend it, or DATABASE_URL.`]);
  });

  it('that the password is wrong', async () => {
    const [line, ...more] = await troubleOf({ DATABASE_URL: withPassword(database.url, 'secret') });
    expect(line).toMatch(
      /^The database \S+ cannot be used: password authentication failed for user "postgres"\./,
    );
    expect(more).toEqual([]);
  });

  it('that the database is not there', async () => {
    const url = new URL(database.url);
    url.pathname = '/elsewhere';
    const [line, ...more] = await troubleOf({ DATABASE_URL: url.href });
    expect(line).toBe(
      `The database ${url.host}/elsewhere cannot be used: database "elsewhere" does not exist. Mend it, or DATABASE_URL.`,
    );
    expect(more).toEqual([]);
  });
});

describe('a server whose role may not do all says in one line', only('postgresql'), () => {
  const role = `role_${Date.now()}`;
  let own: TestDatabase;
  let url: string;
  beforeAll(async () => {
    own = await createDatabase();
    await migrateDatabase(readConfig({ DATABASE_URL: own.url }));
    const address = new URL(withPassword(own.url, 'word'));
    address.username = role;
    url = address.href;
    await runOn(`CREATE ROLE ${role} LOGIN PASSWORD 'word'`);
    await runOn(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
  });
  afterAll(async () => {
    await runOn(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await own.drop();
  });
  const runOn = async (statement: string) => {
    const raw = await openRawDatabase(own.url);
    await raw.run(statement);
    await raw.close();
  };

  it('which right it lacks', async () => {
    const { host, pathname } = new URL(own.url);
    const begin = `The database ${host}${pathname} cannot be used: `;
    const end = '. Mend it, or DATABASE_URL.';
    expect(await troubleOf({ DATABASE_URL: url })).toEqual([
      `${begin}the role lacks rights in the schema "public": USAGE on the sequence public.audit_events_id_seq${end}`,
    ]);
    await runOn('REVOKE USAGE ON SCHEMA public FROM PUBLIC');
    expect(await troubleOf({ DATABASE_URL: url }, '--no-migrate')).toEqual([
      `${begin}the role lacks rights: USAGE on the schema "public"${end}`,
    ]);
  });
});

describe('a server that cannot start says', () => {
  it('that the database is not up to date, when it must not see to that itself', async () => {
    const empty = await createDatabase();
    const lines = await troubleOf({ DATABASE_URL: empty.url }, '--no-migrate');
    expect(lines).toEqual([
      expect.stringMatching(
        /^The database is not up to date: it lacks \d{14}_\w+.*\. Run "dtrace-gateway migrate"\.$/,
      ),
    ]);
    await empty.drop();
  });

  it('that the database is newer', async () => {
    await migrateDatabase(readConfig({ DATABASE_URL: database.url }));
    const raw = await openRawDatabase(database.url);
    await raw.run(`INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
      VALUES ('next', 'x', '29990101000000_next', CURRENT_TIMESTAMP, 1)`);
    await raw.close();
    expect(await troubleOf({})).toEqual([
      'The database is newer than this program: it has the migration "29990101000000_next", which is unknown here. Run a newer version of the gateway.',
    ]);
  });
});
