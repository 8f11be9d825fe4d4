import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests may be under way on one connection. HTTP/1.1 clients send one at a time. A client that pipelines many
 * and reads no answer would fill the memory with answers that wait.
 */
const maxUnderWay = 32;

/** Keeps track of connections, and of the requests under way on each. */
export interface Connections {
  /**
   * Admits a request. One request too many ends its connection.
   *
   * @returns whether it is to be handled
   */
  admit(response: ServerResponse): boolean;
  /**
   * Closes all connections, each as soon as it has no request under way. Node itself closes none that has not been used
   * yet, as browsers open them in advance, and keeps one alive for seconds after its last answer.
   */
  closeWhenIdle(): void;
  /** Whether an answer has begun to go out on a connection. */
  isAnswering(socket: Socket): boolean;
}

export function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, ServerResponse[]>();
  let isClosing = false;

  server.on('connection', (socket) => {
    connections.set(socket, []);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    admit: (response) => {
      const { socket } = response.req;
      // Node still reads the requests behind the one that was too many.
      if (socket.destroyed) return false;
      const underWay = connections.get(socket);
      if (underWay === undefined) return true;
      if (underWay.length >= maxUnderWay) {
        socket.destroy();
        return false;
      }
      underWay.push(response);
      response.once('close', () => {
        underWay.splice(underWay.indexOf(response), 1);
        if (isClosing && underWay.length === 0) socket.destroySoon();
      });
      return true;
    },
    closeWhenIdle: () => {
      isClosing = true;
      for (const [socket, underWay] of connections) {
        if (underWay.length === 0) socket.destroy();
        // The answer tells its reader that the connection ends with it.
        for (const response of underWay) response.shouldKeepAlive = false;
      }
    },
    isAnswering: (socket) => [...(connections.get(socket) ?? [])].some(({ headersSent }) => headersSent),
  };
}
