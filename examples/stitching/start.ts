import { once } from 'node:events';
import { createStitchingGateway } from './gateway.ts';
import { createHostsService } from './hosts.ts';

// What `npm run example:stitching` runs: the hosts, then the gateway over them and a DTrace gateway that already runs.
const {
  DTRACE_URL = 'http://127.0.0.1:4000/graphql',
  DTRACE_TOKEN,
  HOSTS_PORT = '4001',
  PORT = '4002',
} = process.env;
if (DTRACE_TOKEN === undefined) throw new Error('Set DTRACE_TOKEN: a token of the DTrace gateway.');

const hosts = createHostsService([
  {
    uuid: '3c2f8a4e-6b1d-4f0a-9a57-0d1e2c3b4a59',
    name: 'node-1',
    scripts: ['b7c658e0-2ddb-46dd-8973-4a59ffc9957e', 'e864e552-0208-40f9-b05e-6de66f3b3579'],
  },
]);
await once(hosts.listen(Number(HOSTS_PORT), '127.0.0.1'), 'listening');

const gateway = await createStitchingGateway(
  DTRACE_URL,
  `http://127.0.0.1:${HOSTS_PORT}/graphql`,
  DTRACE_TOKEN,
);
await once(gateway.listen(Number(PORT), '127.0.0.1'), 'listening');
console.log(`The stitched graph is at http://127.0.0.1:${PORT}/graphql`);
