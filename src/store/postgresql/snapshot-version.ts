import { randomUUID } from 'node:crypto';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Pool, QueryResult } from 'pg';

/** After how long a proof is tried again that failed for want of the database. */
const proveAgainMs = 10_000;

/**
 * Creates the function that counts the connections that are made and that end. PostgreSQL that crashes breaks all of its connections, then hands out
 * numbers of transactions again; whatever it answers afterwards comes by a connection that was made, and counted, before.
 *
 * The function returns undefined until a transaction has shown that this database numbers them at all.
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
 * Creates the function that tells the version of the database: another one as soon as anything is committed, undefined where
 * that cannot be told.
 *
 * Transactions that write are numbered as they begin. A snapshot tells the number behind the last one that has ended, and
 * which below it are still under way: while there is none of these, and that number stays, nothing has been committed. The
 * numbers hold for one server between its start, or its recovery after a crash, and the next: hence the time of the start,
 * the timeline and the place of the last checkpoint, with which each recovery ends, and the generation of connections.
 *
 * @param generation - undefined while numbers are not to be relied on
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

/** Begins to prove something when it is first asked about; says no until it is proven, nobody waits. */
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

/** Whether an error says that the database does not offer what is asked for, or not to this role: it never will. */
function isLacking(code: unknown): boolean {
  return /^(0A|42)/.test(String(code));
}

/**
 * Whether a transaction that writes has a number, which snapshots reach when it is committed and not before. It adds a
 * script and removes it again: nobody ever sees it.
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
