import type { FastifyInstance } from 'fastify';

/**
 * `/health/live`: the process answers. `/health/ready`: so does the database; 503 otherwise.
 *
 * @param ping - rejects when the database does not answer
 */
export function healthRoutes(ping: () => Promise<void>): (server: FastifyInstance) => void {
  return (server) => {
    server.get('/health/live', (_, reply) => reply.code(200).send());
    server.get('/health/ready', async (_, reply) => {
      const isReady = await ping().then(
        () => true,
        () => false,
      );
      return reply.code(isReady ? 200 : 503).send();
    });
  };
}
