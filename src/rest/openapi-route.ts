import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import { refuseOtherMethods } from '../http/other-methods.ts';
import { sendJson } from '../http/send-json.ts';
import { describeApi } from './openapi.ts';
import type { Route } from './route-table.ts';

/** `GET /openapi.json`, without a token. It never changes, so it is compressed only once, at the first request. */
export function openApiRoute(server: FastifyInstance, routes: readonly Route[]): void {
  const identity = JSON.stringify(describeApi(routes));
  const compress = { br: brotliCompressSync, gzip: gzipSync };
  const compressed = new Map<string, Buffer>();

  server.get('/openapi.json', { config: { face: 'rest' } }, async (request, reply) => {
    reply.headers({ 'content-type': 'application/json', vary: 'accept, accept-encoding' });
    const encoding = new Negotiator(request).encoding(['br', 'gzip', 'identity']);
    const isCompressed = request.method === 'GET' && (encoding === 'br' || encoding === 'gzip');
    if (!isCompressed) return sendJson(reply, identity);
    const body = compressed.get(encoding) ?? compress[encoding](identity);
    compressed.set(encoding, body);
    return reply.header('content-encoding', encoding).send(body);
  });
  refuseOtherMethods(server, '/openapi.json', ['GET']);
}
