import { buildLibrary, type Library, openConnection, uuidOf } from '../data.ts';

/** A library with large scripts, and what the costly requests need. */
export interface WorstLibrary extends Library {
  /** The oldest scripts, each with 31,000 bytes of source. */
  readonly large: readonly string[];
  /** A script with 250 KB of metadata in 1,000 members. */
  readonly largeMetadata: string;
  /** A script that writes may change. */
  readonly writable: string;
  /** The scripts that the collector may not get. */
  readonly foreign: readonly string[];
}

const largeScripts = 660;
const auditEvents = 2_000;
const grants = 500;

/** Adds large scripts, audit events, and the permission to list events to a library of many scripts. */
export async function buildWorstLibrary(databaseUrl: string, scripts: number): Promise<WorstLibrary> {
  const library = await buildLibrary(databaseUrl, scripts, grants);
  const { uuids, grantedUuids } = library;
  const large = uuids.slice(0, largeScripts);
  const [largeMetadata = '', writable = ''] = uuids.slice(largeScripts);
  const connection = await openConnection(databaseUrl);
  try {
    await connection.begin('exclusive');
    for (const uuid of large) {
      await connection.query('UPDATE "dtrace_scripts" SET "script" = $1 WHERE "uuid" = $2', [
        'a'.repeat(31_000),
        uuid,
      ]);
    }
    await connection.query('UPDATE "dtrace_scripts" SET "metadata" = $1 WHERE "uuid" = $2', [
      JSON.stringify(manyMembers()),
      largeMetadata,
    ]);
    await connection.query('INSERT INTO "user_grants" ("user_id", "permission") VALUES ($1, $2)', [
      uuidOf('user', 'frontend'),
      'cloud->audit->list',
    ]);
    for (let number = 0; number < auditEvents; number += 1) {
      await connection.query(
        `INSERT INTO "audit_events" ("at", "action", "outcome", "via", "user_name", "script_uuid", "target")
         VALUES ($1, 'SET_METADATA', 'SUCCEEDED', 'GRAPHQL', 'frontend', $2, $3)`,
        [new Date(Date.now() - number * 1_000).toISOString(), writable, `["runs","${number}"]`],
      );
    }
    await connection.commit();
  } finally {
    await connection.close();
  }
  const granted = new Set(grantedUuids);
  return { ...library, large, largeMetadata, writable, foreign: uuids.filter((uuid) => !granted.has(uuid)) };
}

/** 1,000 members, about 250 KB of JSON. */
export function manyMembers(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from({ length: 1_000 }, (_, number) => [`member-${number}`, { value: 'x'.repeat(220) }]),
  );
}
