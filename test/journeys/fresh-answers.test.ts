import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createAccountOperations } from '../../src/operations/account-operations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Server } from '../support/process.ts';
import { startTwoServers, type TwoServers } from '../support/two-servers.ts';

let databaseUrl: string;
let one: Server;
let other: Server;
let admin: string;
let command: TwoServers['command'];
let stop: TwoServers['stop'];
beforeAll(async () => {
  ({ databaseUrl, one, other, admin, command, stop } = await startTwoServers());
});
afterAll(() => stop());

/** What a server answers of one script, in every way in which it may have kept something of it; null when it is not there. */
async function answersOf(server: Server, uuid: string, token: string): Promise<unknown[]> {
  const ask = async (query: string, variables = {}) => (await server.ask(token, query, variables)).data;
  const representations = [{ __typename: 'DtraceScript', uuid }];
  const [single, many, entities, list, connection, rest] = await Promise.all([
    ask('query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { name revision metadata } }', { uuid }),
    ask('query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { name revision metadata } }', {
      uuids: [uuid],
    }),
    ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on DtraceScript { name revision metadata } } }',
      { r: representations },
    ),
    ask('{ dtraceScripts { uuid name revision metadata } }'),
    ask('{ dtraceScriptsConnection { nodes { uuid name revision metadata } } }'),
    fetch(`${server.url}/dtrace/${uuid}`, { headers: { authorization: `Bearer ${token}` } }),
  ]);
  const found = [list.dtraceScripts, connection.dtraceScriptsConnection.nodes].map((scripts) => {
    const script = scripts.find((each: { uuid: string }) => each.uuid === uuid);
    if (script === undefined) return null;
    const { uuid: _, ...seen } = script;
    return seen;
  });
  const documented = rest.status === 404 ? null : ((await rest.json()) as Record<string, unknown>);
  const { revision } = single.dtraceScript ?? {};
  return [
    single.dtraceScript,
    many.dtraceScriptsByUuid[0],
    entities._entities[0],
    ...found,
    documented && { name: documented.name, revision, metadata: documented.metadata },
  ];
}

async function write(server: Server, mutation: string): Promise<Record<string, { uuid: string }>> {
  const { data, errors } = await server.ask(admin, `mutation { ${mutation} }`);
  expect(errors).toEqual([]);
  return data;
}

describe('no answer is older than what was acknowledged before it was asked for', () => {
  it('of a script that is written on one server and read on both, again and again', async () => {
    const created = await write(one, 'createDtraceScript(input: { name: "fresh", script: "s" }) { uuid }');
    const uuid = created.createDtraceScript?.uuid ?? '';
    const servers = [one, other];
    // Somebody else keeps asking, so that there is always something to be kept.
    let isDone = false;
    const pollers = servers.map(async (server) => {
      while (!isDone) await answersOf(server, uuid, admin);
    });
    for (let round = 1; round <= 25; round += 1) {
      const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
      await write(
        writer,
        `setDtraceScriptMetadata(uuid: "${uuid}", path: ["round"], value: ${round}) { uuid }`,
      );
      const expected = { name: 'fresh', revision: round + 1, metadata: { round } };
      expect(new Set((await answersOf(reader, uuid, admin)).map((seen) => JSON.stringify(seen)))).toEqual(
        new Set([JSON.stringify(expected)]),
      );
    }
    await write(other, `updateDtraceScript(uuid: "${uuid}", input: { name: "renamed" }) { uuid }`);
    for (const seen of await answersOf(one, uuid, admin)) expect(seen).toMatchObject({ name: 'renamed' });
    await write(one, `deleteDtraceScript(uuid: "${uuid}") { uuid }`);
    isDone = true;
    await Promise.all(pollers);
    for (const seen of await answersOf(other, uuid, admin)) expect(seen).toBeNull();
  });

  it('of how many scripts there are', async () => {
    const countOn = async (server: Server) =>
      (await server.ask(admin, '{ dtraceScriptsConnection(first: 0) { totalCount } }')).data
        .dtraceScriptsConnection.totalCount;
    for (const [writer, reader] of [
      [one, other],
      [other, one],
    ] as const) {
      const before = await countOn(reader);
      await write(writer, 'createDtraceScript(input: { name: "one more", script: "s" }) { uuid }');
      expect(await countOn(reader)).toBe(before + 1);
    }
  });

  it('of grants and revocations, whoever may read the same', async () => {
    await command('users', 'add', 'reader');
    const { stdout } = await command('tokens', 'create', 'reader', '--json');
    const { token } = JSON.parse(stdout) as { token: string };
    const seenBy = async () =>
      Promise.all(
        [one, other].map(async (server) => {
          // The admin's answers are there to be kept; they are not this user's.
          await server.ask(admin, '{ dtraceScripts { uuid name } }');
          const { data } = await server.ask(token, '{ dtraceScripts { uuid name } }');
          return data?.dtraceScripts?.length ?? null;
        }),
      );
    const all = (await one.ask(admin, '{ dtraceScripts { uuid } }')).data.dtraceScripts.length;
    for (let round = 0; round < 3; round += 1) {
      expect(await seenBy()).toEqual([null, null]);
      await command('users', 'grant', 'reader', 'cloud->dtrace->list');
      expect(await seenBy()).toEqual([0, 0]);
      await command('users', 'grant', 'reader', 'dtrace->_->get');
      expect(await seenBy()).toEqual([all, all]);
      await command('users', 'revoke', 'reader', 'dtrace->_->get');
      expect(await seenBy()).toEqual([0, 0]);
      await command('users', 'revoke', 'reader', 'cloud->dtrace->list');
    }
  });

  it('of a token that is revoked, or whose time is over while nothing changes', async () => {
    const statusesOf = (token: string) =>
      Promise.all(
        [one, other].map(async (server) => (await server.ask(token, '{ viewer { name } }')).status),
      );
    const { stdout } = await command('tokens', 'create', 'reader', '--json');
    const revoked = JSON.parse(stdout) as { id: string; token: string };
    for (let time = 0; time < 3; time += 1) expect(await statusesOf(revoked.token)).toEqual([200, 200]);
    await command('tokens', 'revoke', revoked.id);
    expect(await statusesOf(revoked.token)).toEqual([401, 401]);

    const store = await openStore(readConfig({ DATABASE_URL: databaseUrl }));
    const expiresAt = new Date(Date.now() + 1_000);
    const accounts = createAccountOperations(store, () => new Date());
    const { token } = await accounts.createToken('reader', null, expiresAt);
    await store.close();
    expect(await statusesOf(token)).toEqual([200, 200]);
    while (Date.now() <= expiresAt.getTime()) await statusesOf(token);
    expect(await statusesOf(token)).toEqual([401, 401]);
  });
});
