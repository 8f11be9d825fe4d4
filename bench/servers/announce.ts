import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Sends the address of the server to the benchmark. */
export function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Ready: http://127.0.0.1:${port}/graphql\n`);
}
