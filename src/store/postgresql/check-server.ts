import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { UnusableConnectionError } from '../database-failure.ts';
import type { Connecting } from './driver-options.ts';

/** What the store does with its tables. `DELETE` follows references by the rights of the tables' owner. */
const neededRights: Readonly<Record<string, readonly string[]>> = {
  dtrace_scripts: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  users: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  roles: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  role_members: ['SELECT', 'INSERT', 'DELETE'],
  user_grants: ['SELECT', 'INSERT', 'DELETE'],
  role_grants: ['SELECT', 'INSERT', 'DELETE'],
  tokens: ['SELECT', 'INSERT', 'UPDATE'],
  audit_events: ['SELECT', 'INSERT', 'DELETE'],
};

/** How often a connection is asked whether it still is the same one: poolers mostly hand out the last one used. */
const rounds = 3;

/**
 * Checks, once at start, that the role may do what the store does, and that a connection stays the same one.
 *
 * @throws UnusableConnectionError otherwise, naming what is missing
 */
export async function checkServer(
  client: pg.ClientBase,
  { options, schema }: Connecting,
  timeoutMs: number,
): Promise<void> {
  await checkRights(client, schema);
  // PostgreSQL itself tells the number of its process; a pooler makes one up.
  const { processID } = client as { readonly processID?: number };
  if ((await identify(client)).pid !== processID) await checkPooler(client, options, timeoutMs);
}

async function checkRights(client: pg.ClientBase, schema: string): Promise<void> {
  const wanted = Object.entries(neededRights).flatMap(([table, rights]) =>
    rights.map((right) => `('${table}', '${right}')`),
  );
  const { rows } = await client.query<{ missing: string }>(`
    SELECT format('%s on the table %s', "right", "table") AS "missing"
    FROM (VALUES ${wanted.join(', ')}) AS wanted ("table", "right")
    WHERE NOT coalesce(has_table_privilege(to_regclass(quote_ident("table")), "right"), FALSE)
    UNION ALL
    SELECT format('USAGE on the sequence %s', "sequence")
    FROM (SELECT CASE WHEN to_regclass('audit_events') IS NOT NULL
      THEN pg_get_serial_sequence('audit_events', 'id') END AS "sequence") AS sequences
    WHERE NOT has_sequence_privilege("sequence", 'USAGE')`);
  if (rows.length === 0) return;
  const missing = rows.map((row) => row.missing).join(', ');
  throw new UnusableConnectionError(`the role lacks rights in the schema "${schema}": ${missing}`);
}

/**
 * Tells a pooler that gives a connection to others between transactions: settings and prepared statements would end up
 * in somebody else's. A second connection keeps a transaction open meanwhile, so that the server's connection that was
 * used last is not free.
 */
async function checkPooler(
  client: pg.ClientBase,
  options: Connecting['options'],
  timeoutMs: number,
): Promise<void> {
  const mark = randomUUID();
  await client.query(`SELECT set_config('dtrace_gateway.mark', '${mark}', false)`);
  const { pid } = await identify(client);
  const other = new pg.Client({ ...options, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  other.on('error', () => {});
  try {
    await other.connect();
    for (let round = 0; round < rounds; round += 1) {
      const { pid: otherPid, mark: otherMark } = await begin(other);
      const found = await identify(client);
      await other.query('COMMIT');
      if (found.pid !== pid || found.mark !== mark || otherPid === pid || otherMark === mark) {
        throw new UnusableConnectionError(
          'it is behind a pooler that shares connections between transactions: set it to session pooling, or connect directly',
        );
      }
    }
  } catch (error) {
    if (error instanceof UnusableConnectionError) throw error;
    throw new UnusableConnectionError(
      `it is behind a pooler that does not give two connections at a time (${(error as Error).message})`,
    );
  } finally {
    await other.end().catch(() => {});
  }
}

interface Identity {
  /** Of the process on the server. */
  readonly pid: number;
  readonly mark: string | null;
}

const identity = `SELECT pg_backend_pid() AS pid, current_setting('dtrace_gateway.mark', true) AS mark`;

async function identify(client: pg.ClientBase): Promise<Identity> {
  return (await client.query(identity)).rows[0];
}

async function begin(client: pg.ClientBase): Promise<Identity> {
  await client.query('BEGIN');
  return identify(client);
}
