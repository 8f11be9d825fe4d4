import { createServer, maxHeaderSize, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import compress from '@fastify/compress';
import Fastify, { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import plugin from 'fastify-plugin';
import type { Config } from '../config.ts';
import { type Connections, watchConnections } from './connections.ts';
import { knowAllMethods } from './other-methods.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { idOf } from './request-facts.ts';
import { routingTarget } from './request-target.ts';

/** A step that requests pass, or a group of routes. */
export type Step = (server: FastifyInstance) => void;

export interface HttpServer {
  readonly server: FastifyInstance;
  /** @throws the system's error, `EADDRINUSE` for instance, when it cannot listen */
  listen(host: string, port: number): Promise<RunningServer>;
}

export interface RunningServer {
  /** The address to open, with the port that was really taken. */
  readonly url: string;
  /** Stops taking requests, lets those under way finish for at most `timeoutMs`, then drops them. */
  stop(timeoutMs: number): Promise<void>;
}

/** Smaller answers gain less than compressing them costs. */
const compressionThresholdBytes = 4 * 1024;

/**
 * Creates the HTTP server.
 *
 * @param steps - what every request passes, in this order, then the routes
 */
export function createHttpServer(
  { requestTimeoutMs: timeoutMs, trustProxy }: Pick<Config, 'requestTimeoutMs' | 'trustProxy'>,
  steps: readonly Step[],
): HttpServer {
  let connections: Connections | undefined;
  const server = Fastify({
    logger: false,
    genReqId: idOf,
    rewriteUrl: routingTarget,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    // An address cannot be longer than the head of a request.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
    return503OnClosing: false,
    clientErrorHandler: (error, socket: Socket) =>
      refuseUnreadable(error, socket, { isAnswering: connections?.isAnswering(socket) ?? false, timeoutMs }),
    serverFactory: (handler) => {
      const inner = createServer({
        requestTimeout: timeoutMs,
        headersTimeout: timeoutMs,
        connectionsCheckingInterval: Math.min(timeoutMs / 4, 1_000),
      });
      // Ends a connection on which nothing moves: nobody sends, and nobody reads the answer.
      inner.timeout = 2 * timeoutMs;
      const watched = watchConnections(inner);
      inner.on('request', (request, response) => {
        if (watched.admit(response)) handler(request, response);
      });
      connections = watched;
      return inner;
    },
  });
  server.removeAllContentTypeParsers();
  knowAllMethods(server);
  for (const step of steps) server.register(inOrder(step));
  return {
    server,
    listen: async (host, port) => {
      await server.listen({ host, port });
      return {
        url: urlOf(server.server.address() as AddressInfo),
        stop: (timeoutMs) => stop(server, connections, timeoutMs),
      };
    },
  };
}

/** Compresses large answers with Brotli or gzip, as the request accepts. Always in another thread, so that others do not wait. */
export function compressAnswers(server: FastifyInstance): void {
  server.register(compress, {
    threshold: compressionThresholdBytes,
    syncThreshold: 0,
    encodings: ['br', 'gzip'],
  });
}

/** The URL of a server that listens at an address. */
export function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** A step as a plug-in of Fastify: they load in order, and their hooks apply to all routes. */
function inOrder(step: Step): FastifyPluginCallback {
  return plugin((server, _, done) => {
    step(server);
    done();
  });
}

async function stop(
  server: FastifyInstance,
  connections: Connections | undefined,
  timeoutMs: number,
): Promise<void> {
  const inner: Server = server.server;
  const closed = new Promise((resolve) => inner.close(resolve));
  connections?.closeWhenIdle();
  const timer = setTimeout(() => inner.closeAllConnections(), timeoutMs);
  await closed;
  clearTimeout(timer);
  await server.close();
}
