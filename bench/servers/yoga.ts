import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { announce } from './announce.ts';
import { authenticate } from './stock-caller.ts';
import { createPrismaScripts, openPrisma } from './stock-prisma.ts';
import { createStockSchema, type StockContext } from './stock-schema.ts';

/** GraphQL Yoga 5, Pothos and Prisma 7, as in their guides. */
const prisma = openPrisma();
const yoga = createYoga<Record<string, never>, StockContext>({
  schema: createStockSchema(createPrismaScripts(prisma)),
  context: async ({ request }) => ({
    caller: await authenticate(prisma, request.headers.get('authorization') ?? undefined),
  }),
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => announce(server));
