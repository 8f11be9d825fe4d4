import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningServer } from '../../src/http/server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: RunningServer;
beforeAll(async () => {
  world = await createWorld();
  server = await world.listen();
});
afterAll(async () => {
  await world.close();
});

/** The audits of the reference implementation, each named MUST, SHOULD or MAY after the specification. */
it.each(serverAudits({ url: () => `${server.url}/graphql` }))('$name', async (audit) => {
  const result = await audit.fn();
  expect(result.status, result.status === 'ok' ? '' : result.reason).toBe('ok');
});
