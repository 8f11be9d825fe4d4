import { createSignInReads } from '../cache/sign-in-reads.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { AccountStore } from '../store.ts';
import { createAccountGrants } from './account-grants.ts';
import { createAccountHolders } from './account-holders.ts';
import { createAccountTokens } from './account-tokens.ts';
import { createAccountTransactions } from './account-transactions.ts';
import { createFirstUser } from './first-user.ts';
import { createPermissionReads } from './permission-reads.ts';

/** Creates the users, roles, grants and tokens of a database. */
export function createAccountStore(
  client: PrismaClient,
  database: SqlDatabase,
  dialect: Dialect,
): AccountStore {
  const transactions = createAccountTransactions(client, dialect);
  return {
    ...createSignInReads(database),
    ...createPermissionReads(database, dialect),
    ...createFirstUser(database, dialect),
    ...createAccountHolders(client, transactions),
    ...createAccountGrants(transactions),
    ...createAccountTokens(client, transactions),
  };
}
