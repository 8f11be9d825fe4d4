import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { audience, createOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';
import { codesOf, createWorld, sendOperation, type World } from '../support/world.ts';

const long = 'x'.repeat(101);

let provider: OpenIdProvider;
let world: World;
/** Another gateway on the same database. */
let second: Store;
let askSecond: (token: string, query: string) => ReturnType<typeof sendOperation>;
beforeAll(async () => {
  provider = await createOpenIdProvider({ newcomer: {}, visitor: {}, reader: {}, [long]: {} });
  await provider.start();
  const settings = {
    JWT_ISSUER: provider.issuer,
    JWT_AUDIENCE: audience,
    JWT_JWKS_URL: provider.jwksUrl,
    JWT_CREATE_USERS: 'on',
    LOG_LEVEL: 'silent',
  };
  world = await createWorld(settings);
  second = await openStore(world.config);
  const gateway = createGateway(second, readConfig({ ...settings, DATABASE_URL: world.database.url }));
  const send = async (init: RequestInit) => fetchFrom(gateway)('/graphql', init);
  askSecond = (token, query) => sendOperation(send, token, query);
});
afterAll(async () => {
  await second.close();
  await world.close();
  await provider.stop();
});

const query = '{ viewer { id name roles permissions } }';
const usersNamed = async (name: string) =>
  (await world.accounts.listUsers()).filter((user) => user.name === name || user.subject === name);

it('a subject becomes a user at its first requests, however many come at once, to several processes', async () => {
  const token = await provider.issue('newcomer');
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => (n % 2 ? askSecond(token, query) : world.ask({ token }, query))),
  );
  const [user, ...others] = await usersNamed('newcomer');
  expect(others).toEqual([]);
  expect(user).toMatchObject({ name: 'newcomer', subject: 'newcomer', permissions: [] });
  for (const { data, errors } of answers) {
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({ id: user?.id, name: 'newcomer', roles: [], permissions: [] });
  }

  const audit = `{ auditEvents(filter: {action: ADD_USER, outcome: SUCCEEDED}, first: 1) { nodes { via target requestId } } }`;
  const { data } = await world.ask('admin', audit);
  const event = { via: 'GRAPHQL', target: 'user newcomer, subject newcomer', requestId: expect.any(String) };
  expect(data.auditEvents.nodes).toEqual([event]);

  await world.accounts.grant('user', 'newcomer', 'cloud->dtrace->create');
  const create = 'mutation { createDtraceScript(input: {name: "n", script: "s"}) { dtraceScript { name } } }';
  expect((await askSecond(token, create)).data.createDtraceScript.dtraceScript).toEqual({ name: 'n' });
});

it('a subject that is the name of a user, or cannot be one, is refused', async () => {
  for (const subject of ['reader', long]) {
    const answer = await world.ask({ token: await provider.issue(subject) }, query);
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  }
  expect(await usersNamed('reader')).toMatchObject([{ subject: null }]);
  expect(await usersNamed(long)).toEqual([]);
});

it('a user who has been linked to a subject is taken, and none is made', async () => {
  await world.accounts.link('editor', 'visitor');
  const answer = await world.ask({ token: await provider.issue('visitor') }, query);
  expect(answer.data.viewer.name).toBe('editor');
  expect(await usersNamed('visitor')).toMatchObject([{ name: 'editor' }]);
});
