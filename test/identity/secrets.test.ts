import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { digestToken, generateToken } from '../../src/identity/token.ts';
import { type AccountOperations, createAccountOperations } from '../../src/operations/account-operations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase, provider as database, type TestDatabase } from '../support/database.ts';
import { audience, createOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';
import { type Server, startServer } from '../support/process.ts';
import { openRawDatabase, type RawDatabase } from '../support/raw-database.ts';

const role = `keeper_${randomUUID().slice(0, 8)}`;
const password = randomUUID();
const [source, config, metadata] = [randomUUID(), randomUUID(), randomUUID()];

let testDatabase: TestDatabase;
let url: string;
let raw: RawDatabase;
let provider: OpenIdProvider;
let server: Server;
let store: Store;
let accounts: AccountOperations;
beforeAll(async () => {
  testDatabase = await createDatabase();
  url = testDatabase.url;
  if (database === 'postgresql') {
    await onServer(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${password}'`);
    url = Object.assign(new URL(url), { username: role, password }).href;
  }
  provider = await createOpenIdProvider({ alice: {}, stranger: {} });
  await provider.start();
  server = await startServer({
    DATABASE_URL: url,
    LOG_LEVEL: 'debug',
    MAX_FAILED_SIGN_INS: '9',
    JWT_ISSUER: provider.issuer,
    JWT_AUDIENCE: audience,
    JWT_JWKS_URL: provider.jwksUrl,
  });
  store = await openStore(readConfig({ DATABASE_URL: url }));
  accounts = createAccountOperations(store, () => new Date());
  raw = await openRawDatabase(url);
});
afterAll(async () => {
  await raw.close();
  await store.close();
  await provider.stop();
  await testDatabase.drop();
  if (database === 'postgresql') await onServer(`DROP ROLE ${role}`);
});

async function onServer(statement: string): Promise<void> {
  const connection = await openRawDatabase(inject('postgresUrl'));
  await connection.run(statement);
  await connection.close();
}

const create = `mutation ($input: CreateDtraceScriptInput!) { createDtraceScript(input: $input) { uuid } }`;
const input = {
  name: 'n',
  script: `BEGIN { trace("${source}"); }`,
  config: { key: config },
  metadata: { key: metadata },
};

it('shows no token, digest, password or script in what it prints, in errors and in metrics', async () => {
  const admin = server.adminToken ?? '';
  await accounts.add('user', 'alice', 'alice');
  const revoked = await accounts.createToken('admin', null, null);
  await accounts.revokeToken(revoked.id);
  const alice = await provider.issue('alice');
  const bad = [
    generateToken(),
    revoked.token,
    await provider.issue('stranger'),
    await provider.issue('alice', 'https://other.example.com'),
    alice.slice(0, -9),
  ];

  const answers: string[] = [];
  const send = async (status: number, path: string, token: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(server.url + path, { ...init, headers });
    const body = await response.text();
    expect([response.status, path, body]).toEqual([status, path, body]);
    if (/^\{"errors?":/.test(body)) answers.push(body);
    return body;
  };
  const ask = (status: number, token: string, query: string, variables = {}) =>
    send(status, '/graphql', token, { method: 'POST', body: JSON.stringify({ query, variables }) });

  // What works, and what is refused for some other reason than the token.
  const uuid = JSON.parse(await ask(200, admin, create, { input })).data.createDtraceScript.uuid as string;
  await ask(200, alice, '{ viewer { name } }');
  await ask(200, alice, create, { input });
  await ask(200, admin, create, { input: { ...input, name: '' } });
  await ask(200, admin, create, { input: { ...input, metadata: { key: [metadata, '\0'] } } });
  const obstructed = `mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["key", "a"], value: 1) { uuid } }`;
  await ask(200, admin, obstructed);
  await send(200, `/graphql?query={__typename}&access_token=${admin}`, admin);
  await send(403, `/dtrace/${uuid}?access_token=${alice}`, alice);
  await send(400, `/dtrace/${uuid}/metadata/key/a`, admin, { method: 'PUT', body: '{"b":1}' });
  await send(400, '/dtrace', admin, { method: 'POST', body: JSON.stringify({ ...input, script: 7 }) });

  // The shortest way, Yoga's and that of REST count each bad token once.
  for (const token of bad) await ask(401, token, '{ __typename }');
  for (const token of bad.slice(0, 2)) {
    await send(401, '/graphql?query={__typename}', token);
    await send(401, '/dtrace', token);
  }
  for (const token of bad) await ask(429, token, '{ __typename }');

  // The unexpected, which is logged with all that is known of it.
  await raw.run('ALTER TABLE "dtrace_scripts" RENAME TO "lost"');
  await ask(200, admin, create, { input });
  await send(500, '/dtrace', admin, { method: 'POST', body: JSON.stringify(input) });
  await ask(200, admin, `{ dtraceScript(uuid: "${uuid}") { script } }`);

  const metrics = await (
    await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${admin}` } })
  ).text();
  const { stdout, stderr } = await server.stop();

  // Printed for whoever starts it the first time, beside the query to paste.
  const printed = stdout.replace(`Admin token: ${admin}`, '').replace(`Bearer ${admin}`, '');
  const tokens = [admin, alice, ...bad];
  const secrets = [
    ...tokens.flatMap((token) => [token, digestToken(token), ...token.split('.').slice(1)]),
    ...[password, source, config, metadata],
  ];
  const places = { printed, stderr, metrics, answers: answers.join('\n') };
  for (const [place, text] of Object.entries(places)) {
    expect(secrets.filter((secret) => text.includes(secret)).map((secret) => [place, secret])).toEqual([]);
  }
  // What was looked through is what there is to be seen.
  expect(metrics).toContain('dtrace_gateway_failed_sign_ins_total 9\n');
  expect(stderr).toContain('internal-error');
  expect(stderr).toContain('too-many-failed-sign-ins');
});
