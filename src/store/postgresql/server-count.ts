import type { ClientBase } from 'pg';

/**
 * Counts the servers behind an address, as far as connections show them. Every connection tells when its server started: a
 * fail-over, a restart or a restored backup brings another time. A server that recovers from a crash keeps its time, but
 * breaks its connections.
 */
export function createServerCount() {
  let server = 0;
  let startedAt: string | undefined;

  return {
    /** @param itsStart - when the server of the connection started */
    addConnection(client: Pick<ClientBase, 'on'>, itsStart: string): void {
      if (startedAt !== undefined && itsStart !== startedAt) server += 1;
      startedAt = itsStart;
      client.on('error', () => {
        server += 1;
      });
    },
    server: () => server,
  };
}
