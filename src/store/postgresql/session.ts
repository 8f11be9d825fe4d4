import pg from 'pg';
import { UnusableConnectionError } from '../sql/failures.ts';

/** What a connection is for: the store's own work, or one long transaction, such as an import. */
export type SessionUse = 'store' | 'transfer';

export interface SessionOptions {
  readonly schema: string;
  readonly use: SessionUse;
  /** After how long the server gives a statement up; 0 for never. */
  readonly statementTimeoutMs: number;
}

/**
 * Prepares a new connection, in one round trip: sets all that answers and writes rest upon, whatever the server, the
 * database, the role or a pooler prefer, and reads it back. Poolers drop settings of the start-up packet in silence.
 *
 * @throws UnusableConnectionError when a setting does not hold, or the server is not one that the gateway can use
 */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  { schema, use, statementTimeoutMs }: SessionOptions,
): Promise<void> {
  const settings: Readonly<Record<string, string>> = {
    // The driver's adapter sends times without a zone, and reads every zone as UTC.
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
  // One text of several statements has one result for each, which the driver's types do not know.
  const results = (await client.query(`
    DEALLOCATE ALL;
    SELECT ${set.join(', ')}, set_config('synchronous_commit', CASE
      WHEN current_setting('synchronous_commit') = 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false);
    SELECT ${[...Object.keys(settings), ...alsoRead].map((name) => `current_setting('${name}') AS "${name}"`).join(', ')},
      extract(epoch FROM current_setting('statement_timeout')::interval) * 1000 AS "timeout",
      pg_is_in_recovery() AS "standby"`)) as unknown as readonly pg.QueryResult[];
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
}

const alsoRead = ['synchronous_commit', 'server_encoding', 'session_replication_role'];
