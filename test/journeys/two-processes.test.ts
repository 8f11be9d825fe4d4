import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../support/process.ts';
import { startTwoServers, type TwoServers } from '../support/two-servers.ts';

let one: Server;
let other: Server;
let admin: string;
let command: TwoServers['command'];
let stop: TwoServers['stop'];
beforeAll(async () => {
  ({ one, other, admin, command, stop } = await startTwoServers());
});
afterAll(() => stop());

async function createScript(server: Server, name: string): Promise<string> {
  const { data } = await server.ask(
    admin,
    'mutation ($name: String!) { createDtraceScript(input: {name: $name, script: "BEGIN {}"}) { uuid } }',
    { name },
  );
  return data.createDtraceScript.uuid;
}

it('a script created on one server is there on the other at once', async () => {
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const uuid = await createScript(first, 'shared');
    const { data } = await second.ask(admin, 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { name } }', {
      uuid,
    });
    expect(data).toEqual({ dtraceScript: { name: 'shared' } });
  }
});

it('no metadata write is lost, of two hundred at once through two servers', async () => {
  const uuid = await createScript(one, 'busy');
  const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`);
  const answers = await Promise.all(
    keys.map((key, index) =>
      (index % 2 === 0 ? one : other).ask(
        admin,
        'mutation ($uuid: UUID!, $path: [String!]!, $value: JSON) { setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) { uuid } }',
        { uuid, path: ['many', key], value: index },
      ),
    ),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  for (const server of [one, other]) {
    const { data } = await server.ask(
      admin,
      'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { revision metadata } }',
      { uuid },
    );
    expect(data.dtraceScript.revision).toBe(201);
    expect(data.dtraceScript.metadata).toEqual({
      many: Object.fromEntries(keys.map((key, index) => [key, index])),
    });
  }
});

describe('what the command line takes away is gone at the next request, on both servers', () => {
  let token: string;
  let tokenId: string;

  /** What the user's request comes to, the same on both servers. */
  const outcome = async () => {
    const statuses = await Promise.all(
      [one, other].map(async (server) => {
        const { status, errors } = await server.ask(token, '{ dtraceScripts { uuid } }');
        return errors[0]?.extensions.code ?? status;
      }),
    );
    expect(statuses[0]).toBe(statuses[1]);
    return statuses[0];
  };

  const administer = async (words: readonly string[]) => {
    const { code, stdout, stderr } = await command(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  beforeAll(async () => {
    await administer(['users', 'add', 'ann']);
    await administer(['roles', 'add', 'listers']);
    ({ id: tokenId, token } = JSON.parse(await administer(['tokens', 'create', 'ann', '--json'])));
  });

  it.each([
    {
      what: 'a grant',
      before: [],
      give: ['users', 'grant', 'ann', 'cloud->dtrace->list'],
      take: ['users', 'revoke', 'ann', 'cloud->dtrace->list'],
    },
    {
      what: 'a grant of a role',
      before: [['users', 'join', 'ann', 'listers']],
      give: ['roles', 'grant', 'listers', 'cloud->_->list'],
      take: ['roles', 'revoke', 'listers', 'cloud->_->list'],
    },
    {
      what: 'a membership',
      before: [
        ['users', 'leave', 'ann', 'listers'],
        ['roles', 'grant', 'listers', 'cloud->dtrace->list'],
      ],
      give: ['users', 'join', 'ann', 'listers'],
      take: ['users', 'leave', 'ann', 'listers'],
    },
  ])('$what', async ({ before, give, take }) => {
    for (const words of before) await administer(words);
    for (let round = 0; round < 3; round += 1) {
      expect(await outcome()).toBe('FORBIDDEN');
      await administer(give);
      expect(await outcome()).toBe(200);
      await administer(take);
    }
    expect(await outcome()).toBe('FORBIDDEN');
  });

  it('a role as a whole', async () => {
    await administer(['users', 'join', 'ann', 'listers']);
    expect(await outcome()).toBe(200);
    await administer(['roles', 'delete', 'listers']);
    expect(await outcome()).toBe('FORBIDDEN');
  });

  it('a token', async () => {
    await administer(['users', 'grant', 'ann', 'cloud->dtrace->list']);
    expect(await outcome()).toBe(200);
    await administer(['tokens', 'revoke', tokenId]);
    expect(await outcome()).toBe('UNAUTHENTICATED');
  });

  it('a user, with the tokens', async () => {
    ({ token } = JSON.parse(await administer(['tokens', 'create', 'ann', '--json'])));
    expect(await outcome()).toBe(200);
    await administer(['users', 'delete', 'ann']);
    expect(await outcome()).toBe('UNAUTHENTICATED');
  });
});
