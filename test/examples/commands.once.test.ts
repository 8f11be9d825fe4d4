import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAt, serveWorld } from '../graph/graph.ts';
import { provider } from '../support/database.ts';
import { createWorld, type World } from '../support/world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(provider !== 'sqlite')('the command of docs/gateways.md', () => {
  let world: World;
  let server: Awaited<ReturnType<typeof serveWorld>>;
  beforeAll(async () => {
    world = await createWorld();
    server = await serveWorld(world);
  });
  afterAll(async () => {
    await server?.stop();
    await world?.close();
  });

  it.each(['example:stitching', 'example:federation'])('npm run %s starts a graph', async (script) => {
    const child = spawn('npm', ['run', '--silent', script], {
      cwd: root,
      // A group of its own, to be ended with all that npm starts.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        DTRACE_URL: server.url,
        DTRACE_TOKEN: world.tokens.reader,
        HOSTS_PORT: String(await freePort()),
        PORT: String(await freePort()),
      },
    });
    const ended = once(child, 'close');
    try {
      const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
      const url = /http:\S+/.exec(String(line))?.[0] ?? '';
      const { data, errors } = await askAt(
        url,
        world.tokens.reader,
        '{ hosts { name scripts { uuid name } } }',
      );
      expect(errors).toEqual([]);
      // The hosts of the examples run the sample scripts, which this library does not have.
      expect(data.hosts).toEqual([
        {
          name: 'node-1',
          scripts: [
            { uuid: 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e', name: null },
            { uuid: 'e864e552-0208-40f9-b05e-6de66f3b3579', name: null },
          ],
        },
      ]);
    } finally {
      if (child.pid) process.kill(-child.pid);
      await ended;
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
