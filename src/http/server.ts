import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { securityHeaders } from './security-headers.ts';

export interface RunningServer {
  /** The address to open, with the port that was really taken. */
  readonly url: string;
  /** Stops taking requests, lets those under way finish for at most `timeoutMs`, then drops them. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * Listens for HTTP.
 *
 * @param timeoutMs - how long a request may take to arrive
 * @throws the system's error, `EADDRINUSE` for instance, when it cannot
 */
export async function listen(
  handler: RequestListener,
  host: string,
  port: number,
  timeoutMs = 30_000,
): Promise<RunningServer> {
  const server = createServer({
    requestTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    connectionsCheckingInterval: Math.min(timeoutMs / 4, 1_000),
  });
  // Nothing moves: neither is a request under way in time, nor does anybody read the answer.
  server.timeout = 2 * timeoutMs;
  const { closeWhenIdle, isAnswering } = watchConnections(server);
  server.on('clientError', (error, socket: Socket) =>
    refuseUnreadable(error, socket, { isAnswering: isAnswering(socket), timeoutMs }),
  );
  server.on('request', (request, response) => {
    response.setHeaders(securityHeaders);
    handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    url: urlOf(server.address() as AddressInfo),
    stop: (timeoutMs) => stop(server, closeWhenIdle, timeoutMs),
  };
}

/** The address at which a server that listens there is found. */
export function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function stop(server: Server, closeWhenIdle: () => void, timeoutMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  closeWhenIdle();
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearTimeout(timer);
}

/** Keeps track of connections, and of the requests under way on each. */
function watchConnections(server: Server): {
  /**
   * Closes all connections, each as soon as it has no request under way. Node itself closes none that has not been used
   * yet, as browsers open them in advance, and keeps one alive for seconds after its last answer.
   */
  closeWhenIdle(): void;
  /** Whether an answer has begun to go out on a connection. */
  isAnswering(socket: Socket): boolean;
} {
  const connections = new Map<Socket, Set<ServerResponse>>();
  let isClosing = false;

  server.on('connection', (socket) => {
    connections.set(socket, new Set());
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const underWay = connections.get(socket);
    underWay?.add(response);
    response.once('close', () => {
      underWay?.delete(response);
      if (isClosing && underWay?.size === 0) socket.destroySoon();
    });
  });

  return {
    closeWhenIdle: () => {
      isClosing = true;
      for (const [socket, underWay] of connections) {
        if (underWay.size === 0) socket.destroy();
        // The answer tells its reader that the connection ends with it.
        for (const response of underWay) response.shouldKeepAlive = false;
      }
    },
    isAnswering: (socket) => [...(connections.get(socket) ?? [])].some(({ headersSent }) => headersSent),
  };
}
