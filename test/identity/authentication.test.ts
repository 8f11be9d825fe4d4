import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestToken, generateToken } from '../../src/identity/token.ts';
import { type AccountOperations, createAccountOperations } from '../../src/operations/account-operations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openRawDatabase, type RawDatabase } from '../support/raw-database.ts';
import { codesOf, createWorld, type World } from '../support/world.ts';

let world: World;
let script: string;
/** A second store on the same database, as the command line or another gateway would have it. */
let second: Store;
let elsewhere: AccountOperations;
let raw: RawDatabase;

beforeAll(async () => {
  world = await createWorld();
  script = await world.addScript('guarded');
  second = await openStore(world.config);
  elsewhere = createAccountOperations(second, () => new Date());
  raw = await openRawDatabase(world.config.databaseUrl);
});
afterAll(async () => {
  await raw.close();
  await second.close();
  await world.close();
});

const hour = 3_600_000;
const invalid = 'The token is not valid: it is unknown, expired or revoked.';

/** Sends a query with an `Authorization` header as it stands. */
async function send(authorization: string | undefined, query: string) {
  const response = await world.fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ query }),
  });
  return { response, body: (await response.json()) as unknown };
}

describe('without a token', () => {
  it('answers what is open to all, and refuses the rest field by field', async () => {
    const answer = await world.ask(
      null,
      `{ viewer { name } __typename dtraceScript(uuid: "${script}") { uuid } }`,
    );
    expect(answer).toMatchObject({
      status: 200,
      data: { viewer: null, __typename: 'Query', dtraceScript: null },
      errors: [
        {
          message: 'Sign in first: send the header "Authorization: Bearer <token>".',
          path: ['dtraceScript'],
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
  });

  it.each(['{ dtraceScripts { uuid } }', '{ dtraceScriptsConnection { totalCount } }'])(
    'is asked for one with status 401 when nothing is left of the answer: %s',
    async (query) => {
      const { response, body } = await send(undefined, query);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    },
  );
});

describe('a token that is not valid', () => {
  const unknown = generateToken();

  it.each([
    ['an empty header', () => ''],
    ['no token', () => 'Bearer'],
    ['a blank token', () => 'Bearer  '],
    ['another scheme', () => `Basic ${world.tokens.admin}`],
    ['no scheme', () => world.tokens.admin],
    ['a scheme in one word with the token', () => `Bearer${world.tokens.admin}`],
    ['two tokens', () => `Bearer ${world.tokens.admin} ${world.tokens.admin}`],
    ['a list of credentials', () => `Bearer ${world.tokens.admin}, Bearer ${world.tokens.admin}`],
    ['quotes', () => `Bearer "${world.tokens.admin}"`],
    ['letters outside of ASCII', () => 'Bearer tökén'],
    ['an unknown token', () => `Bearer ${unknown}`],
    ['a token in lower case', () => `Bearer ${world.tokens.admin.toLowerCase()}`],
    ['a token cut short', () => `Bearer ${world.tokens.admin.slice(0, -1)}`],
    ['a token and more', () => `Bearer ${world.tokens.admin}=`],
    ['a wildcard', () => 'Bearer %'],
    ['the digest of a token', () => `Bearer ${digestToken(world.tokens.admin)}`],
    ['a token beyond all measure', () => `Bearer ${'a'.repeat(8_000)}`],
    [
      'an expired token',
      async () =>
        `Bearer ${(await world.accounts.createToken('admin', null, new Date(Date.now() - 1))).token}`,
    ],
    [
      'a revoked token',
      async () => {
        const { id, token } = await world.accounts.createToken('admin', null, new Date(Date.now() + hour));
        await world.accounts.revokeToken(id);
        return `Bearer ${token}`;
      },
    ],
    [
      'a token of a user who was deleted',
      async () => {
        const token = await world.addUser('leaver', '...');
        await world.accounts.delete('user', 'leaver');
        return `Bearer ${token}`;
      },
    ],
  ])('refuses the whole request, in the same words: %s', async (_, header) => {
    const { response, body } = await send(
      await header(),
      'mutation { createDtraceScript(input: {name: "never", script: "x"}) { uuid } }',
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const requestId = response.headers.get('x-request-id');
    const extensions = { code: 'UNAUTHENTICATED', requestId };
    expect(body).toEqual({ errors: [{ message: invalid, extensions }] });
  });

  it('refuses what is open to all, too, and introspection', async () => {
    for (const query of ['{ viewer { name } }', '{ __typename }', '{ __schema { queryType { name } } }']) {
      const { response, body } = await send(`Bearer ${unknown}`, query);
      expect(response.status).toBe(401);
      expect(body).not.toHaveProperty('data');
    }
  });

  it('left nothing behind in the library', async () => {
    const { data } = await world.ask(
      'admin',
      '{ dtraceScripts(filter: {name: {equals: "never"}}) { uuid } }',
    );
    expect(data.dtraceScripts).toEqual([]);
  });
});

it.each(['Bearer ', 'bearer ', 'BEARER ', 'Bearer   '])('takes a token behind %j', async (scheme) => {
  const { response, body } = await send(`${scheme}${world.tokens.lister}`, '{ viewer { name } }');
  expect([response.status, body]).toEqual([200, { data: { viewer: { name: 'lister' } } }]);
});

describe('viewer', () => {
  const query = '{ viewer { id name roles permissions token { id label expiresAt } } }';

  it('tells who the token is, what it may do, and from where', async () => {
    const direct = ['dtrace->_->get', 'zone->...'];
    await world.addUser('operator', ...direct);
    for (const role of ['zebras', 'admins']) {
      await world.accounts.add('role', role);
      await world.accounts.join('operator', role);
    }
    await world.accounts.grant('role', 'admins', 'cloud -> dtrace -> list');
    await world.accounts.grant('role', 'zebras', 'dtrace->_->get');
    const expiresAt = new Date(Date.now() + hour);
    const issued = await world.accounts.createToken('operator', 'laptop 🦊', expiresAt);
    const { data, errors } = await world.ask(issued, query);
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: 'operator',
      roles: ['admins', 'zebras'],
      permissions: ['cloud->dtrace->list', ...direct],
      token: { id: issued.id, label: 'laptop 🦊', expiresAt: expiresAt.toISOString() },
    });
  });

  it('answers bare lists and nulls for a user with nothing', async () => {
    const token = await world.addUser('newcomer');
    const { data } = await world.ask({ token }, query);
    expect(data.viewer).toMatchObject({
      roles: [],
      permissions: [],
      token: { label: null, expiresAt: null },
    });
  });
});

describe('a change made by another process holds at the next request:', () => {
  const reach = `{ dtraceScript(uuid: "UUID") { uuid } dtraceScripts { uuid } dtraceScriptsConnection(first: 0) { totalCount } }`;
  /** What a token gets to see of the script: `all` by every way, `none` by no way, or that the token is refused. */
  const reached = async (token: string) => {
    const answer = await world.ask({ token }, reach.replace('UUID', script));
    if (answer.status === 401) return 'refused';
    expect(answer.status).toBe(200);
    const { dtraceScript, dtraceScripts, dtraceScriptsConnection } = answer.data;
    const seen = [dtraceScript !== null, dtraceScripts.length > 0, dtraceScriptsConnection.totalCount > 0];
    expect(new Set(seen).size).toBe(1);
    expect(codesOf(answer)).toEqual(seen[0] ? [] : ['FORBIDDEN']);
    return seen[0] ? 'all' : 'none';
  };
  const get = () => `dtrace->${script}->get`;

  it.each<[string, (user: string, role: string) => Promise<unknown>, 'none' | 'refused']>([
    ["a user's grant revoked", (user) => elsewhere.revoke('user', user, get()), 'none'],
    ["a role's grant revoked", (_, role) => elsewhere.revoke('role', role, get()), 'none'],
    ['a role left', (user, role) => elsewhere.leave(user, role), 'none'],
    ['a role deleted', (_, role) => elsewhere.delete('role', role), 'none'],
    ['a user deleted', (user) => elsewhere.delete('user', user), 'refused'],
    [
      'every token of a user revoked',
      async (user) => {
        for (const { id } of await elsewhere.listTokens(user)) await elsewhere.revokeToken(id);
      },
      'refused',
    ],
  ])('%s', async (what, change, expected) => {
    const [user, role] = [randomUUID(), randomUUID()];
    const byRole = what.includes('role');
    const token = await world.addUser(user, 'cloud->dtrace->list', ...(byRole ? [] : [get()]));
    await world.accounts.add('role', role);
    await world.accounts.join(user, role);
    if (byRole) await world.accounts.grant('role', role, get());
    // Twice, lest only what was never compiled is fresh.
    expect([await reached(token), await reached(token)]).toEqual(['all', 'all']);
    await change(user, role);
    expect([await reached(token), await reached(token)]).toEqual([expected, expected]);
  });

  it.each<[string, (user: string, role: string) => Promise<unknown>]>([
    ['a permission granted to a user', (user) => elsewhere.grant('user', user, get())],
    ['a permission granted to a role', (_, role) => elsewhere.grant('role', role, 'dtrace->...')],
    [
      'a role joined',
      async (user) => {
        const other = randomUUID();
        await elsewhere.add('role', other);
        await elsewhere.grant('role', other, get());
        await elsewhere.join(user, other);
      },
    ],
  ])('%s', async (_, change) => {
    const [user, role] = [randomUUID(), randomUUID()];
    const token = await world.addUser(user, 'cloud->dtrace->list');
    await world.accounts.add('role', role);
    await world.accounts.join(user, role);
    expect(await reached(token)).toBe('none');
    await change(user, role);
    expect(await reached(token)).toBe('all');
  });

  it('one token of several revoked, and the others stay', async () => {
    const kept = await world.addUser('two tokens', 'cloud->dtrace->list', get());
    const lost = await elsewhere.createToken('two tokens', 'old laptop', null);
    expect([await reached(kept), await reached(lost.token)]).toEqual(['all', 'all']);
    await elsewhere.revokeToken(lost.id);
    expect([await reached(kept), await reached(lost.token)]).toEqual(['all', 'refused']);
  });

  it('a long series of grants and revocations, each seen in turn', async () => {
    const token = await world.addUser('busy');
    await world.accounts.add('role', 'busy crew');
    await world.accounts.join('busy', 'busy crew');
    const held = new Set<string>();
    for (let step = 0; step < 16; step += 1) {
      const [kind, name] = step % 5 === 0 ? (['role', 'busy crew'] as const) : (['user', 'busy'] as const);
      const [oldest = ''] = [...held].filter((grant) => grant.startsWith(kind));
      if (step % 4 === 3 && oldest !== '') {
        await elsewhere.revoke(kind, name, oldest);
        held.delete(oldest);
      }
      await elsewhere.grant(kind, name, `${kind}->${step % 7}`);
      held.add(`${kind}->${step % 7}`);
      const { data } = await world.ask({ token }, '{ viewer { permissions } }');
      expect(data.viewer.permissions).toEqual([...held].sort());
    }
  });

  it('a user deleted and made anew under the same name is somebody else', async () => {
    const before = await world.addUser('phoenix', 'cloud->dtrace->list', get());
    expect(await reached(before)).toBe('all');
    await elsewhere.delete('user', 'phoenix');
    await elsewhere.add('user', 'phoenix');
    const { token } = await elsewhere.createToken('phoenix', null, null);
    expect(await reached(before)).toBe('refused');
    expect((await world.ask({ token }, '{ viewer { permissions } }')).data.viewer.permissions).toEqual([]);
  });
});

it('stores of a token only its digest', async () => {
  const issued = await world.accounts.createToken('admin', 'to be looked for', null);
  const rows = await raw.rows('SELECT * FROM "tokens"');
  for (const token of [issued.token, ...Object.values(world.tokens)]) {
    expect(rows.filter((row) => row.includes(digestToken(token)))).toHaveLength(1);
    for (const secret of [token, token.replace(/^dtg_/, ''), Buffer.from(token).toString('base64')]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
  }
  expect(digestToken(issued.token)).toMatch(/^[\da-f]{64}$/);
});

it('makes tokens that nobody can guess, and that need no escaping', () => {
  const tokens = Array.from({ length: 200 }, generateToken);
  expect(new Set(tokens).size).toBe(200);
  expect(tokens.filter((token) => !/^dtg_[\w-]{43}$/.test(token))).toEqual([]);
});

it('stays right for a user with ten thousand grants', async () => {
  const token = await world.addUser('hoarder', 'cloud->dtrace->list', `dtrace->${script}->get`);
  const other = await world.addScript('not granted');
  const [row = []] = await raw.rows(`SELECT "id" FROM "users" WHERE "name" = 'hoarder'`);
  const values = Array.from({ length: 10_000 }, () => randomUUID()).map(
    (uuid) => `('${row[0]}', 'dtrace->${uuid}->get', '${uuid}')`,
  );
  await raw.run(`INSERT INTO "user_grants" ("user_id", "permission", "script_uuid") VALUES ${values.join()}`);
  const query = `query ($script: UUID!, $other: UUID!) {
    a: dtraceScript(uuid: $script) { uuid }
    b: dtraceScript(uuid: $other) { uuid }
    list: dtraceScripts { uuid }
    viewer { permissions }
  }`;
  for (const _ of ['first', 'second']) {
    const { data, errors } = await world.ask({ token }, query, { script, other });
    expect(errors.map(({ extensions }) => extensions.permission)).toEqual([`dtrace->${other}->get`]);
    expect([data.a, data.b, data.list]).toEqual([{ uuid: script }, null, [{ uuid: script }]]);
    expect(data.viewer.permissions).toHaveLength(10_002);
  }
  await elsewhere.revoke('user', 'hoarder', `dtrace->${script}->get`);
  const { data } = await world.ask({ token }, query, { script, other });
  expect([data.a, data.list, data.viewer.permissions.length]).toEqual([null, [], 10_001]);
});
