import type { FastifyInstance } from 'fastify';
import { parsePermission } from '../permissions/permission.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { refuseOtherMethods } from './other-methods.ts';

/** `GET /metrics`, in the text format of Prometheus. */
export function metricsRoute(metrics: Metrics): (server: FastifyInstance) => void {
  const requires = { permission: parsePermission('cloud->metrics->get'), action: 'READ_METRICS' } as const;
  return (server) => {
    server.get('/metrics', { config: { face: 'rest', requires } }, async (_, reply) => {
      const { text, contentType } = await metrics.print();
      return reply.type(contentType).send(text);
    });
    refuseOtherMethods(server, '/metrics', ['GET']);
  };
}
