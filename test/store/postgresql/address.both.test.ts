import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { createAccountOperations } from '../../../src/operations/account-operations.ts';
import { checkDatabase, migrateDatabase, openStore } from '../../../src/store/open-store.ts';
import { openPostgresConnection } from '../../../src/store/postgresql/direct-connection.ts';
import { createPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { openRawDatabase } from '../../support/raw-database.ts';

const limits = { databaseTimeoutMs: 5000, databasePoolSize: 2 };

describe('an address whose parameters cannot mean what they say is refused', () => {
  const known =
    'schema, sslmode, sslrootcert, sslcert, sslkey, host, port, user, password, application_name, fallback_application_name, options';
  it.each([
    [
      'connection_limit=5',
      `has the parameter "connection_limit", which is not supported: these are ${known}.`,
    ],
    ['sslmode=require&sslmode=disable', 'has the parameter "sslmode" twice.'],
    ['sslmode=on', 'has the sslmode "on": use disable, require, verify-ca or verify-full.'],
    [
      'sslmode=prefer',
      'has sslmode=prefer, which anybody on the way can turn off: use require or verify-full, or disable.',
    ],
    ['sslmode=verify-ca', 'has sslmode=verify-ca, which needs sslrootcert.'],
    ['sslrootcert=/ca.pem', 'has sslrootcert or sslcert without sslmode: add sslmode=verify-full.'],
    ['sslmode=require&sslcert=/a.pem', 'needs both sslcert and sslkey.'],
    ['sslmode=require&sslrootcert=system', 'has sslrootcert=system: it needs sslmode=verify-full.'],
    [
      'schema=pg_catalog',
      'names a schema that cannot be: it needs 1 to 63 bytes, no quotation mark, and not to begin with pg_.',
    ],
  ])('%s', (parameters, mistake) => {
    const url = `postgres://gateway:secret@db/x?${parameters}`;
    expect(() => readConfig({ DATABASE_URL: url })).toThrow(`DATABASE_URL ${mistake}`);
  });
});

describe('the schema of an address', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase(inject('postgresUrl'));
  });
  afterAll(() => database.drop());

  it.each(['app', 'My own schema'])('%s holds all tables, and nobody else does', async (schema) => {
    const options = { ...limits, databaseUrl: `${database.url}?schema=${encodeURIComponent(schema)}` };
    await expect(checkDatabase(options)).rejects.toThrow('The database is not up to date');
    await Promise.all([migrateDatabase(options), migrateDatabase(options)]);
    await checkDatabase(options);
    const store = await openStore(options);
    const operations = createAccountOperations(store, () => new Date());
    // Some statements are written here, others by Prisma.
    await operations.bootstrap();
    await operations.add('user', 'somebody');
    expect((await store.accounts.listUsers()).map(({ name }) => name)).toEqual(['admin', 'somebody']);
    await store.close();

    const raw = await openRawDatabase(database.url);
    const names =
      await raw.rows(`SELECT schemaname, tablename FROM pg_tables WHERE tablename IN ('users', '_prisma_migrations')
      AND schemaname IN ('public', ${pg.escapeLiteral(schema)}) ORDER BY 2`);
    await raw.close();
    expect(names).toEqual([
      [schema, '_prisma_migrations'],
      [schema, 'users'],
    ]);
  });

  it('need not be created by the gateway, whose role may not create any', async () => {
    const role = `role_${randomBytes(6).toString('hex')}`;
    const raw = await openRawDatabase(database.url);
    await raw.run(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; CREATE SCHEMA theirs AUTHORIZATION ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    try {
      const names = await migrateDatabase({ ...limits, databaseUrl: `${url.href}?schema=theirs` });
      expect(names.length).toBeGreaterThan(0);
      await expect(migrateDatabase({ ...limits, databaseUrl: `${url.href}?schema=mine` })).rejects.toThrow(
        /permission denied for database/,
      );
    } finally {
      await raw.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await raw.close();
    }
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('sslmode (needs openssl on this machine)', () => {
  let postgres: PostgresServer;
  let file: (name: string) => string;
  beforeAll(async () => {
    postgres = await startPostgres();
    file = (name) => join(postgres.dataFolder, name);
    const { uid, gid } = await stat(postgres.dataFolder);
    // The certificate is its own authority, and names no address but `localhost`.
    for (const name of ['server', 'other']) {
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'].concat(
          ['-addext', 'subjectAltName=DNS:localhost'],
          ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)],
        ),
        { stdio: 'ignore' },
      );
      await chown(file(`${name}.key`), uid, gid);
      await chown(file(`${name}.crt`), uid, gid);
    }
    const raw = await openRawDatabase(postgres.url);
    await raw.run('ALTER SYSTEM SET ssl = on');
    await raw.run('SELECT pg_reload_conf()');
    await vi.waitUntil(async () => (await raw.rows('SHOW ssl'))[0]?.[0] === 'on');
    await raw.close();
  });
  afterAll(() => postgres.stop());

  /** Whether a connection is encrypted, to the server by its number or by its name. */
  async function isEncrypted(host: string, parameters: string): Promise<unknown> {
    const url = `postgres://postgres:postgres@${host}:${postgres.port}/postgres?${parameters}`;
    const connection = await openPostgresConnection(url, 5000);
    try {
      const [row] = await connection.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return row?.ssl;
    } finally {
      await connection.close();
    }
  }

  it('says whether a connection is encrypted, and whom it is to', async () => {
    const byNumber = (parameters: string) => isEncrypted('127.0.0.1', parameters);
    const byName = (parameters: string) => isEncrypted('localhost', parameters);
    const trusted = `sslrootcert=${file('server.crt')}`;
    const distrusted = `sslrootcert=${file('other.crt')}`;
    expect(await byNumber('')).toBe(false);
    expect(await byNumber('sslmode=disable')).toBe(false);
    expect(await byNumber('sslmode=require')).toBe(true);
    expect(await byNumber(`sslmode=require&${trusted}`)).toBe(true);
    await expect(byNumber(`sslmode=require&${distrusted}`)).rejects.toThrow('self-signed certificate');
    expect(await byNumber(`sslmode=verify-ca&${trusted}`)).toBe(true);
    await expect(byNumber(`sslmode=verify-ca&${distrusted}`)).rejects.toThrow('self-signed certificate');
    expect(await byName(`sslmode=verify-full&${trusted}`)).toBe(true);
    await expect(byNumber(`sslmode=verify-full&${trusted}`)).rejects.toThrow(
      /IP: 127.0.0.1 is not in the cert/,
    );
    await expect(byName('sslmode=verify-full')).rejects.toThrow('self-signed certificate');
    await expect(byName('sslmode=verify-full&sslrootcert=/none.crt')).rejects.toThrow('/none.crt');
  });

  it('is refused by a server that does not encrypt', async () => {
    const url = `${inject('postgresUrl')}?sslmode=require`;
    await expect(openPostgresConnection(url, 5000)).rejects.toThrow('The server does not support SSL');
  });
});
