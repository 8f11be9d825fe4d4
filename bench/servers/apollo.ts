import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { authenticate } from './stock-caller.ts';
import { createPrismaScripts, openPrisma } from './stock-prisma.ts';
import { createStockSchema, type StockContext } from './stock-schema.ts';

/** Apollo Server 5, Pothos and Prisma 7, as in their guides. */
const prisma = openPrisma();
const server = new ApolloServer<StockContext>({ schema: createStockSchema(createPrismaScripts(prisma)) });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({ caller: await authenticate(prisma, req.headers.authorization) }),
});
process.stdout.write(`Ready: ${url}\n`);
