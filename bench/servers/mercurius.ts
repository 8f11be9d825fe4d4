import type { FastifyRequest } from 'fastify';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { parsePermission } from '../../src/permissions/permission.ts';
import { announce } from './announce.ts';
import { createTokenMemory, type KnownCaller } from './callers.ts';
import { createDriverScripts } from './driver-scripts.ts';
import { openStatements } from './statements.ts';
import type { Caller } from './stock-caller.ts';
import { createStockSchema } from './stock-schema.ts';

/**
 * Fastify 5 and Mercurius on the driver, without Prisma. Tokens are cached. JIT is the number of executions after which a
 * document is compiled; 0 for never.
 */
const statements = openStatements();
const authenticate = createTokenMemory(statements);
const callers = new WeakMap<KnownCaller, Caller>();

const server = fastify();
await server.register(mercurius, {
  schema: createStockSchema(createDriverScripts(statements)),
  jit: Number(process.env.JIT),
  context: async ({ headers }: FastifyRequest) => ({
    caller: readCaller(await authenticate(headers.authorization)),
  }),
});
await server.listen({ host: '127.0.0.1', port: 0 });
announce(server.server);

/** The parsed grants are cached with the token. */
function readCaller(known: KnownCaller): Caller {
  const caller = callers.get(known) ?? { granted: known.permissions.granted.map(parsePermission) };
  callers.set(known, caller);
  return caller;
}
