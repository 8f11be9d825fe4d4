import { createHash } from 'node:crypto';
import { migrateDatabase } from '../src/store/open-store.ts';
import { openPostgresConnection } from '../src/store/postgresql/direct-connection.ts';
import type { DirectConnection } from '../src/store/sql/direct-connection.ts';
import { openSqliteConnection } from '../src/store/sqlite/direct-connection.ts';

/** What the workloads need to know about a library of scripts. */
export interface Library {
  /** The UUIDs of all scripts, the oldest first. */
  readonly uuids: readonly string[];
  /** The UUIDs of the scripts granted to the collector one by one. */
  readonly grantedUuids: readonly string[];
}

/**
 * The bearer tokens of the two callers. `frontend` lists, gets and edits every script. `collector` lists, and gets the
 * scripts granted to it one by one.
 */
export const tokens = {
  frontend: `dtg_${'benchmark-frontend'.padEnd(43, '0')}`,
  collector: `dtg_${'benchmark-collector'.padEnd(43, '0')}`,
} as const;

export type Caller = keyof typeof tokens;

/** Rows written by one statement. */
const batchSize = 1_000;

const timeoutMs = 60_000;

/** Scripts are created a second apart, so that the list has the order of their numbers. */
const firstCreatedAtMs = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * Fills an empty database: the gateway's own migration, then scripts, callers and grants. The same numbers give the same
 * data on every machine.
 *
 * @param scripts - the number of scripts
 * @param grants - the number of scripts granted to the collector, spread evenly
 */
export async function buildLibrary(databaseUrl: string, scripts: number, grants: number): Promise<Library> {
  await migrateDatabase({ databaseUrl, databaseTimeoutMs: timeoutMs, databasePoolSize: 1 });
  const isSqlite = databaseUrl.startsWith('file:');
  const connection = await openConnection(databaseUrl);
  const insert = (table: string, rows: Iterable<Row>) =>
    insertAll(connection, isSqlite ? fromSqliteJson : fromPostgresJson, table, rows);
  // The file need not survive a power cut while it is being built. One million scripts fit into this memory.
  if (isSqlite) await connection.run('PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000');
  try {
    const uuids = Array.from({ length: scripts }, (_, index) => uuidOf('script', index));
    const every = Math.max(1, Math.floor(scripts / Math.max(1, grants)));
    const grantedUuids = uuids.filter((_, index) => index % every === 0).slice(0, grants);
    await connection.begin('exclusive');
    await insert('dtrace_scripts', scriptRows(uuids));
    await insert('users', callerNames.map(userRow));
    await insert('tokens', callerNames.map(tokenRow));
    await insert('user_grants', grantRows(grantedUuids));
    await connection.commit();
    // Otherwise PostgreSQL would do this itself, during the measurement.
    if (!isSqlite) await connection.run('VACUUM ANALYZE');
    return { uuids, grantedUuids };
  } finally {
    await connection.close();
  }
}

/** Opens a connection in addition to those of the servers. */
export function openConnection(databaseUrl: string): Promise<DirectConnection> {
  return databaseUrl.startsWith('file:')
    ? openSqliteConnection(databaseUrl.slice('file:'.length), timeoutMs)
    : openPostgresConnection(databaseUrl, timeoutMs);
}

type Row = Readonly<Record<string, unknown>>;

const callerNames = Object.keys(tokens) as Caller[];
const createdAt = new Date(firstCreatedAtMs).toISOString();

function userRow(name: Caller): Row {
  return { id: uuidOf('user', name), name, created_at: createdAt };
}

function tokenRow(name: Caller): Row {
  const digest = createHash('sha256').update(tokens[name]).digest('hex');
  return { id: uuidOf('token', name), digest, user_id: uuidOf('user', name), created_at: createdAt };
}

function* grantRows(grantedUuids: readonly string[]): Generator<Row> {
  for (const permission of ['cloud->dtrace->list', 'dtrace->_->get', 'dtrace->_->edit']) {
    yield { user_id: uuidOf('user', 'frontend'), permission, script_uuid: null };
  }
  const user_id = uuidOf('user', 'collector');
  yield { user_id, permission: 'cloud->dtrace->list', script_uuid: null };
  for (const script_uuid of grantedUuids) {
    yield { user_id, permission: `dtrace->${script_uuid}->get`, script_uuid };
  }
}

function* scriptRows(uuids: readonly string[]): Generator<Row> {
  for (const [index, uuid] of uuids.entries()) {
    const random = createRandom(index);
    const provider = pick(random, providers);
    const at = new Date(firstCreatedAtMs + index * 1_000).toISOString();
    yield {
      uuid,
      name: `${provider} ${pick(random, subjects)} ${index}`,
      script: sourceOf(random, provider),
      config: configOf(random),
      metadata: metadataOf(random, index),
      revision: 1,
      created_at: at,
      updated_at: at,
    };
  }
}

const providers = [
  'fbt',
  'syscall',
  'io',
  'sched',
  'erlang',
  'vminfo',
  'zfs',
  'tcp',
  'proc',
  'nfsv4',
] as const;
const subjects = [
  'reads',
  'writes',
  'latency',
  'queue depth',
  'errors by zone',
  'time on CPU',
  'calls',
] as const;

const zones = Array.from({ length: 50 }, (_, index) => uuidOf('zone', index));

/** D source of 0.5 to 2 kB. */
function sourceOf(random: Random, provider: string): string {
  const length = 500 + random() * 1_400;
  let source = `/* ${provider}: how long it takes, by zone and program. */\n#pragma D option quiet\n\n`;
  while (source.length < length) {
    const probe = `${provider}:::${pick(random, ['read', 'write', 'start', 'wait', 'open'])}-${Math.floor(random() * 100)}`;
    source += `${probe}-entry\n$filter$\n{\n  self->at = timestamp;\n}\n${probe}-return\n/self->at/\n{\n`;
    source += `  @time[zonename, execname] = lquantize((timestamp - self->at) / 1000, $start$, $end$, $step$);\n`;
    source += '  self->at = 0;\n}\n';
  }
  return source;
}

function configOf(random: Random): Row {
  return {
    start: 0,
    end: 64 * Math.ceil(random() * 64),
    step: Math.ceil(random() * 16),
    unit: pick(random, ['ns', 'us', 'ms']),
    zones: Array.from({ length: 4 }, () => pick(random, zones)),
    aggregate: { by: ['zonename', 'execname'], top: 20, clear: random() < 0.5 },
  };
}

function metadataOf(random: Random, index: number): Row {
  return {
    team: pick(random, ['storage', 'network', 'runtime', 'platform']),
    jingles: {
      notes: [{ text: 'Begin with one zone; the whole host is noisy.', author: `operator-${index % 97}` }],
      dashboard: `https://metrics.example.com/d/${index % 500}-${pick(random, zones)}`,
      threshold: Math.round(random() * 1e6) / 100,
    },
    tags: [pick(random, subjects), pick(random, subjects), `release-${index % 12}`],
    retired: random() < 0.02,
  };
}

/** Writes rows of one table. Missing columns get their default. */
async function insertAll(
  connection: DirectConnection,
  fromJson: (table: string, columns: readonly string[]) => string,
  table: string,
  rows: Iterable<Row>,
): Promise<void> {
  let batch: Row[] = [];
  const write = async () => {
    const columns = Object.keys(batch[0] ?? {});
    const names = columns.map((column) => `"${column}"`).join(', ');
    const statement = `INSERT INTO "${table}" (${names}) ${fromJson(table, columns)}`;
    await connection.query(statement, [JSON.stringify(batch)]);
    batch = [];
  };
  for (const row of rows) {
    batch.push(row);
    if (batch.length === batchSize) await write();
  }
  if (batch.length > 0) await write();
}

function fromSqliteJson(_: string, columns: readonly string[]): string {
  return `SELECT ${columns.map((column) => `"value" ->> '${column}'`).join(', ')} FROM json_each($1)`;
}

function fromPostgresJson(table: string, columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  return `SELECT ${names} FROM json_populate_recordset(NULL::"${table}", $1)`;
}

/** A UUID that looks random, but is always the same for the same name. */
export function uuidOf(kind: string, id: string | number): string {
  const hex = createHash('sha256').update(`${kind} ${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** The next number from 0 to 1. */
export type Random = () => number;

/** Mulberry32: small, random enough, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[Math.floor(random() * choices.length)] as Choice;
}
