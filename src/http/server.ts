import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface RunningServer {
  /** The address to open, with the port that was really taken. */
  readonly url: string;
  /** Stops taking requests, lets those under way finish for at most `timeoutMs`, then drops them. */
  stop(timeoutMs: number): Promise<void>;
}

/** Listens for HTTP. @throws the system's error, `EADDRINUSE` for instance, when it cannot */
export async function listen(handler: RequestListener, host: string, port: number): Promise<RunningServer> {
  const server = createServer();
  const closeWhenIdle = watchConnections(server);
  server.on('request', handler);
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

/**
 * Node itself closes no connection that has not been used yet, as browsers open them in advance, and keeps one alive
 * for seconds after its last answer.
 *
 * @returns what closes all connections, each as soon as it has no request under way
 */
function watchConnections(server: Server): () => void {
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

  return () => {
    isClosing = true;
    for (const [socket, underWay] of connections) {
      if (underWay.size === 0) socket.destroy();
      // The answer tells its reader that the connection ends with it.
      for (const response of underWay) response.shouldKeepAlive = false;
    }
  };
}
