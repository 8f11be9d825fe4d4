import type { PrismaClient } from '../sqlite/generated/client.ts';
import type { AccountStore } from '../store.ts';
import type { AccountTransactions } from './account-transactions.ts';

/** Creates the writes that create and revoke tokens, and the list of them. */
export function createAccountTokens(
  client: PrismaClient,
  { recorded }: AccountTransactions,
): Pick<AccountStore, 'createToken' | 'listTokens' | 'revokeToken'> {
  return {
    createToken: (name, token, event) =>
      recorded(event, async (transaction) => {
        const owner = await transaction.user.findUnique({ where: { name }, select: { id: true } });
        if (owner === null) return 'no-holder';
        await transaction.token.create({ data: { ...token, userId: owner.id } });
        return 'added';
      }),

    listTokens: async (name) => {
      const tokens = await client.token.findMany({
        ...(name === undefined ? {} : { where: { user: { name } } }),
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        include: { user: { select: { name: true } } },
      });
      return tokens.map(({ id, user, label, createdAt, expiresAt, revokedAt }) => ({
        id,
        user: user.name,
        label,
        createdAt,
        expiresAt,
        revokedAt,
      }));
    },

    revokeToken: (id, event) =>
      recorded(event, async (transaction) => {
        const { count } = await transaction.token.updateMany({
          where: { id, revokedAt: null },
          data: { revokedAt: event.at },
        });
        return count > 0 ? 'removed' : 'absent';
      }),
  };
}
