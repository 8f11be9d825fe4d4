import pg from 'pg';
import { UnusableConnectionError } from '../sql/failures.ts';

/** The use of a connection: the operations of the store, or one long transaction such as an import. */
export type SessionUse = 'store' | 'transfer';

export interface SessionOptions {
  readonly schema: string;
  readonly use: SessionUse;
  /** The time after which the server cancels a statement; 0 for never. */
  readonly statementTimeoutMs: number;
}

/**
 * Prepares a new connection in one round trip. Sets every setting that the store relies on, whatever the server, the
 * database, the role or a pooler prefer, and reads it back: poolers silently drop settings of the start-up packet.
 *
 * @returns when the server was started
 * @throws UnusableConnectionError if a setting does not hold, or the gateway cannot use the server
 */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  { schema, use, statementTimeoutMs }: SessionOptions,
): Promise<string> {
  const settings: Readonly<Record<string, string>> = {
    // The driver adapter sends times without a zone, and reads every zone as UTC.
    TimeZone: 'UTC',
    DateStyle: 'ISO, MDY',
    client_encoding: 'UTF8',
    standard_conforming_strings: 'on',
    search_path: pg.escapeIdentifier(schema),
    default_transaction_isolation: 'read committed',
    default_transaction_read_only: 'off',
    statement_timeout: `${statementTimeoutMs}ms`,
    ...(use === 'transfer' ? { lock_timeout: '0', idle_in_transaction_session_timeout: '0' } : {}),
  };
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${pg.escapeLiteral(value)}, false)`,
  );
  // Several statements have one result each. The types of the driver do not know that.
  const results = (await client.query(`
    DEALLOCATE ALL;
    SELECT ${set.join(', ')}, set_config('synchronous_commit', CASE
      WHEN current_setting('synchronous_commit') = 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false);
    SELECT ${[...Object.keys(settings), ...alsoRead].map((name) => `current_setting('${name}') AS "${name}"`).join(', ')},
      extract(epoch FROM current_setting('statement_timeout')::interval) * 1000 AS "timeout",
      pg_is_in_recovery() AS "standby", pg_postmaster_start_time()::text AS "startedAt"`)) as unknown as readonly pg.QueryResult[];
  const found = results.at(-1)?.rows[0] ?? {};

  if (found.server_encoding !== 'UTF8') {
    throw new UnusableConnectionError(
      `it has the encoding ${found.server_encoding}, which lacks letters: create it with the encoding UTF8`,
    );
  }
  if (found.session_replication_role !== 'origin') {
    throw new UnusableConnectionError(
      `it does not check references: session_replication_role is ${found.session_replication_role}, and has to be origin`,
    );
  }
  if (use === 'store' && found.standby !== false) {
    throw new UnusableConnectionError('it is a standby, which takes no writes: name the primary');
  }
  const expected: Readonly<Record<string, readonly string[]>> = {
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [value]])),
    statement_timeout: [Number(found.timeout) === statementTimeoutMs ? found.statement_timeout : ''],
    synchronous_commit: ['on', 'remote_apply'],
  };
  for (const [name, values] of Object.entries(expected)) {
    if (!values.includes(found[name])) {
      throw new UnusableConnectionError(
        `it does not keep the setting ${name}: it is "${found[name]}" after it was set to "${values[0]}"`,
      );
    }
  }
  return String(found.startedAt);
}

const alsoRead = ['synchronous_commit', 'server_encoding', 'session_replication_role'];
