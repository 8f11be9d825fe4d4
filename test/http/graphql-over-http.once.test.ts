import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
beforeAll(async () => {
  world = await createWorld();
  server = await createGateway(world.store, world.config).listen('127.0.0.1', 0);
});
afterAll(async () => {
  await server.stop(0);
  await world.close();
});

/** The audits of the reference implementation, each named MUST, SHOULD or MAY after the specification. */
it.each(serverAudits({ url: () => `${server.url}/graphql` }))('$name', async (audit) => {
  const result = await audit.fn();
  expect(result.status, result.status === 'ok' ? '' : result.reason).toBe('ok');
});
