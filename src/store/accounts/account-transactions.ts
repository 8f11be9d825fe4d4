import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { resetPermissions } from '../cache/permissions-version.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Prisma, PrismaClient } from '../sqlite/generated/client.ts';
import type { AddOutcome, RemoveOutcome } from '../store.ts';

export type Transaction = Prisma.TransactionClient;

export type AccountTransactions = ReturnType<typeof createAccountTransactions>;

/**
 * Creates what the writes to accounts share.
 *
 * A write that changes what users may do resets the versions of their permissions in the same transaction. It locks the
 * row of the role first, so that joining a role and changing it cannot miss each other.
 */
export function createAccountTransactions(client: PrismaClient, dialect: Dialect) {
  return {
    /** Runs a change in a transaction, and records its event if it has changed something. */
    recorded: <Outcome extends AddOutcome | RemoveOutcome>(
      event: AuditEvent,
      change: (transaction: Transaction) => Promise<Outcome>,
    ): Promise<Outcome> =>
      client.$transaction(async (transaction) => {
        const outcome = await change(transaction);
        if (outcome === 'added' || outcome === 'removed')
          await transaction.auditEvent.create({ data: event });
        return outcome;
      }),

    /** @returns the id of the role; undefined if there is no such role */
    lockRole: async (transaction: Transaction, name: string) => {
      const [row] = await transaction.$queryRaw<{ id: string }[]>(sql`
        UPDATE "roles" SET "name" = "name" WHERE "name" = ${name} RETURNING "id"`);
      return row?.id;
    },

    /** @returns the id of the user; undefined if there is no such user */
    resetUser: async (transaction: Transaction, name: string) => {
      const [user] = await reset(transaction, sql`SELECT "id" FROM "users" WHERE "name" = ${name}`);
      return user?.id;
    },

    resetMembers: (transaction: Transaction, roleId: string) =>
      reset(transaction, sql`SELECT "user_id" FROM "role_members" WHERE "role_id" = ${dialect.uuid(roleId)}`),
  };

  function reset(transaction: Transaction, userIds: Sql) {
    return transaction.$queryRaw<{ id: string }[]>(resetPermissions(dialect, userIds));
  }
}

/** Whether a value is taken. Prisma's client and the driver adapter report it differently. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as Error & {
    readonly code?: string;
    readonly cause?: { readonly kind?: string };
  };
  return code === 'P2002' || cause?.kind === 'UniqueConstraintViolation';
}
