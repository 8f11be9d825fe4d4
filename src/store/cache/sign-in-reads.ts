import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Database } from '../sql/database.ts';
import type { AccountStore, TokenOwner, UserState } from '../store.ts';
import { keepReads, shareReads } from './shared-reads.ts';

interface TokenSearch {
  readonly digest: string;
  readonly at: Date;
}

/** What a token takes in memory: ids, a name and a label of at most 100 characters, times. */
const ownerBytes = 1_000;

/** Who makes a request. Those that have arrived together, with one token, are one look-up. */
export function createSignInReads(database: Database): Pick<AccountStore, 'findToken' | 'findSubject'> {
  const findToken = keepReads<TokenSearch, TokenOwner | null>(database, {
    group: 'tokens',
    keyOf: ({ digest }) => digest,
    waitsForTurn: true,
    bytesOf: () => ownerBytes,
    isValid: (owner, { at }) => owner !== null && (owner.expiresAt === null || owner.expiresAt > at),
    // What does not work is not told from what is not there, so that nobody can tell them apart by the time it takes.
    read: async ({ digest, at }) => {
      const [row] = await database.query<TokenOwner>(sql`
        SELECT t."id" AS "tokenId", t."label" AS "label", t."expires_at" AS "expiresAt",
          u."id" AS "userId", u."name" AS "userName", u."permissions_version" AS "permissionsVersion",
          u."permissions_reset_version" AS "permissionsResetVersion"
        FROM "tokens" t JOIN "users" u ON u."id" = t."user_id"
        WHERE t."digest" = ${digest} AND t."revoked_at" IS NULL
          AND (t."expires_at" IS NULL OR t."expires_at" > ${at})`);
      return row ?? null;
    },
  });

  const readSubject = async (subject: string): Promise<UserState | null> => {
    const [row] = await database.query<UserState>(sql`
      SELECT "id" AS "userId", "name" AS "userName", "permissions_version" AS "permissionsVersion",
        "permissions_reset_version" AS "permissionsResetVersion"
      FROM "users" WHERE "subject" = ${subject}`);
    return row ?? null;
  };
  const findSubject = shareReads<string, UserState | null>({
    keyOf: (subject) => subject,
    waitsForTurn: true,
    read: (subjects) => subjects.map(readSubject),
  });

  return { findToken: (digest, at) => findToken({ digest, at }), findSubject };
}
