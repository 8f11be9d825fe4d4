import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { tokenColumns, userColumns } from '../accounts/account-columns.ts';
import { type Columns, selectionOf } from '../sql/columns.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { AccountStore, TokenOwner, UserState } from '../store.ts';
import { cacheReads, shareReads } from './shared-reads.ts';

interface TokenSearch {
  readonly digest: string;
  readonly at: Date;
}

/** The memory of one token: ids, a name and a label of at most 100 characters, times. */
const ownerBytes = 1_000;

const userSelection = selectionOf(
  {
    userId: userColumns.id,
    userName: userColumns.name,
    permissionsVersion: userColumns.permissionsVersion,
    permissionsResetVersion: userColumns.permissionsResetVersion,
  } satisfies Columns<Exclude<keyof UserState, 'server'>>,
  'u',
);
const tokenSelection = selectionOf(
  {
    tokenId: tokenColumns.id,
    label: tokenColumns.label,
    expiresAt: tokenColumns.expiresAt,
  } satisfies Columns<Exclude<keyof TokenOwner, keyof UserState>>,
  't',
);

/** Finds the user of a request. Requests that arrive together with one token share one read. */
export function createSignInReads(database: SqlDatabase): Pick<AccountStore, 'findToken' | 'findSubject'> {
  const findToken = cacheReads<TokenSearch, TokenOwner | null>(database, {
    group: 'tokens',
    keyOf: ({ digest }) => digest,
    waitsForTurn: true,
    bytesOf: () => ownerBytes,
    isValid: (owner, { at }) => owner !== null && (owner.expiresAt === null || owner.expiresAt > at),
    // Revoked, expired and unknown tokens take the same query, so the time of an answer does not tell them apart.
    read: ({ digest, at }) =>
      readUser<TokenOwner>(sql`
        SELECT ${tokenSelection}, ${userSelection}
        FROM "tokens" t JOIN "users" u ON u."id" = t."user_id"
        WHERE t."digest" = ${digest} AND t."revoked_at" IS NULL
          AND (t."expires_at" IS NULL OR t."expires_at" > ${at})`),
  });

  const findSubject = shareReads<string, UserState | null>({
    keyOf: (subject) => subject,
    waitsForTurn: true,
    read: (subjects) =>
      subjects.map((subject) =>
        readUser<UserState>(sql`SELECT ${userSelection} FROM "users" u WHERE u."subject" = ${subject}`),
      ),
  });

  return { findToken: (digest, at) => findToken({ digest, at }), findSubject };

  async function readUser<User extends UserState>(statement: Sql): Promise<User | null> {
    const server = database.server();
    const [row] = await database.query<Omit<User, 'server'>>(statement);
    if (row === undefined) return null;
    return { ...row, server: database.server() === server ? server : undefined } as User;
  }
}
