import { randomUUID } from 'node:crypto';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Pool, QueryResult } from 'pg';

/** The pause before the next proof, if the database was not available for the last one. */
const proveAgainMs = 10_000;

/**
 * Creates the function that counts the connections that open and close.
 *
 * After a crash, PostgreSQL may give numbers of transactions a second time. A crash breaks all connections. So an answer
 * after a crash comes from a new connection, which was counted before.
 *
 * The function returns undefined until a test transaction has shown that the database numbers transactions.
 */
export function countGenerations(pool: Pool): () => number | undefined {
  const isProven = createProof(() => showNumbering(pool));
  let generation = 0;
  for (const event of ['connect', 'remove', 'error'] as const) {
    pool.on(event, () => {
      generation += 1;
    });
  }
  return () => (isProven() ? generation : undefined);
}

/**
 * Creates the function that reads the version of the database. It changes with every commit. Undefined if it is unknown.
 *
 * Transactions that write get a number when they begin. A snapshot has the next number after the last transaction that has
 * ended, and the numbers before it that still run. If none runs and the next number is the same, nothing was committed.
 *
 * A number is valid only between two starts of a server, or recoveries from a crash. So the version also has the time of
 * the start, the timeline, the last checkpoint (every recovery ends with one) and the generation of connections.
 *
 * @param generation - undefined while the numbers are not reliable
 */
export function createVersionReader(
  adapter: SqlDriverAdapter,
  generation: () => number | undefined,
): () => Promise<string | undefined> {
  let isOffered = true;
  return async () => {
    const before = generation();
    if (before === undefined || !isOffered) return undefined;
    try {
      const { rows } = await adapter.queryRaw(versionQuery);
      const [snapshot, server] = (rows[0] ?? []) as (string | undefined)[];
      const { oldest, next } = readSnapshot(snapshot);
      const isCalm = next !== undefined && oldest === next && generation() === before;
      return isCalm ? `${next} ${server} ${before}` : undefined;
    } catch (error) {
      isOffered = !isLacking(
        (error as { readonly cause?: { readonly originalCode?: unknown } }).cause?.originalCode,
      );
      throw error;
    }
  };
}

const versionQuery = {
  sql: `SELECT pg_current_snapshot()::text, concat_ws(' ', pg_postmaster_start_time(), timeline_id, redo_lsn)
    FROM pg_control_checkpoint()`,
  args: [],
  argTypes: [],
  name: 'version',
};

function readSnapshot(text: string | undefined): { oldest?: bigint; next?: bigint } {
  const [, oldest, next] = /^(\d+):(\d+):/.exec(text ?? '') ?? [];
  return oldest === undefined || next === undefined ? {} : { oldest: BigInt(oldest), next: BigInt(next) };
}

/** Starts a proof with the first call. Answers false until it has succeeded. No call waits for it. */
function createProof(prove: () => Promise<boolean>): () => boolean {
  let isProven = false;
  let nextAttemptMs = 0;
  return () => {
    if (isProven || performance.now() < nextAttemptMs) return isProven;
    nextAttemptMs = Number.POSITIVE_INFINITY;
    prove().then(
      (proven) => {
        isProven = proven;
      },
      (error: { readonly code?: unknown }) => {
        if (!isLacking(error.code)) nextAttemptMs = performance.now() + proveAgainMs;
      },
    );
    return false;
  };
}

/** Whether the database, or the rights of the role, lack a feature for good. */
function isLacking(code: unknown): boolean {
  return /^(0A|42)/.test(String(code));
}

/**
 * Tests that a transaction that writes has a number, and that snapshots pass the number only after the commit. It inserts
 * a script and deletes it in the same transaction, so no other transaction sees it.
 */
async function showNumbering(pool: Pool): Promise<boolean> {
  const uuid = randomUUID();
  const results = (await pool.query(`
    SELECT pg_current_snapshot()::text AS value;
    BEGIN;
    INSERT INTO "dtrace_scripts" ("uuid", "name", "script", "config", "metadata", "created_at", "updated_at")
      VALUES ('${uuid}', '', '', '{}', '{}', now(), now());
    SELECT pg_current_xact_id_if_assigned()::text AS value;
    DELETE FROM "dtrace_scripts" WHERE "uuid" = '${uuid}';
    COMMIT;
    SELECT pg_current_snapshot()::text AS value`)) as unknown as QueryResult[];
  const [before, own, after] = results.flatMap(({ rows }) => rows).map(({ value }) => value as string | null);
  const first = readSnapshot(before ?? '').next;
  const last = readSnapshot(after ?? '').next;
  if (!own || first === undefined || last === undefined) return false;
  return first <= BigInt(own) && BigInt(own) < last;
}
