import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { openSession, type Server, startServer } from '../support/process.ts';
import { codesOf } from '../support/world.ts';

/** The body of "POST /dtrace" in FiFo's documentation, letter by letter. */
const documented = String.raw`{
      "config": {"start":127, "end":0, "step":4},
      "name": "erlang function calls",
      "script": "erlang*:::global-function-entry\n$filter$\n{\n  self->t[copyinstr(arg1)] = vtimestamp;\n}\nerlang*:::function-return\n/self->t[copyinstr(arg1)]/\n{\n  @time[copyinstr(arg1)] = lquantize((vtimestamp - self->t[copyinstr(arg1)] ) / 1000, $start$, $end$, $step$);\n  self->t[copyinstr(arg1)] = 0;\n}"
      }`;

/** The body of "PUT …/metadata/jingles". */
const notes = [{ text: 'yap', created_at: '2014-09-13T01:34:03.379Z' }];

const fields = 'uuid name script config metadata revision';
const operations = {
  list: `{ dtraceScripts(filter: {name: {equals: "erlang function calls"}}, orderBy: {field: CREATED_AT, direction: DESC}) { ${fields} } }`,
  read: `query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { ${fields} } }`,
  create: `mutation ($input: CreateDtraceScriptInput!) { createDtraceScript(input: $input) { uuid dtraceScript { ${fields} } } }`,
  update: `mutation ($uuid: UUID!) { updateDtraceScript(uuid: $uuid, input: {name: "mine"}) { uuid } }`,
  set: `mutation ($uuid: UUID!, $value: JSON) { setDtraceScriptMetadata(uuid: $uuid, path: ["jingles", "notes"], value: $value) { dtraceScript { ${fields} } } }`,
  unset: `mutation ($uuid: UUID!) { unsetDtraceScriptMetadata(uuid: $uuid, path: ["jingles", "notes"]) { dtraceScript { ${fields} } } }`,
  delete: 'mutation ($uuid: UUID!) { deleteDtraceScript(uuid: $uuid) { uuid } }',
} as const;

let database: TestDatabase;
let server: Server;
let admin: string;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url });
  admin = server.adminToken ?? '';
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Does one operation as somebody, and answers its only field. */
async function run(token: string, operation: keyof typeof operations, variables = {}) {
  const { data, errors } = await server.ask(token, operations[operation], variables);
  expect(errors).toEqual([]);
  return Object.values(data)[0] as never;
}

it('a script lives through everything that the documentation tells', async () => {
  const input = JSON.parse(documented);
  const { uuid, dtraceScript: created }: { uuid: string; dtraceScript: object } = await run(admin, 'create', {
    input,
  });
  expect(created).toEqual({ ...input, uuid, metadata: {}, revision: 1 });
  const script = created;

  expect(((await run(admin, 'list')) as unknown[])[0]).toEqual(script);
  expect(await run(admin, 'read', { uuid })).toEqual(script);

  const noted = { ...script, metadata: { jingles: { notes } }, revision: 2 };
  expect(await run(admin, 'set', { uuid, value: notes })).toEqual({ dtraceScript: noted });
  expect(await run(admin, 'read', { uuid })).toEqual(noted);

  const cleared = { ...script, metadata: { jingles: {} }, revision: 3 };
  expect(await run(admin, 'unset', { uuid })).toEqual({ dtraceScript: cleared });
  expect(await run(admin, 'read', { uuid })).toEqual(cleared);
  expect(codesOf(await server.ask(admin, operations.unset, { uuid }))).toEqual(['NOT_FOUND']);

  expect(await run(admin, 'delete', { uuid })).toEqual({ uuid });
  expect(await run(admin, 'read', { uuid })).toBeNull();
  for (const operation of ['update', 'set', 'unset', 'delete'] as const) {
    const answer = await server.ask(admin, operations[operation], { uuid, value: 1 });
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  }
});

describe('whoever holds only cloud->dtrace->list', () => {
  const absent = '00000000-0000-4000-8000-000000000000';
  let lister: string;
  let uuid: string;
  beforeAll(async () => {
    const command = openSession({ DATABASE_URL: database.url });
    await command('users', 'add', 'lister');
    await command('users', 'grant', 'lister', 'cloud', 'dtrace', 'list');
    lister = (await command('tokens', 'create', 'lister')).stdout.trim();
    uuid = ((await run(admin, 'create', { input: JSON.parse(documented) })) as { uuid: string }).uuid;
  });

  it('lists nothing', async () => {
    expect(await run(lister, 'list')).toEqual([]);
  });

  it('may not create', async () => {
    const answer = await server.ask(lister, operations.create, { input: JSON.parse(documented) });
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', permission: 'cloud->dtrace->create' } },
    ]);
  });

  it.each([
    ['read', 'get'],
    ['update', 'edit'],
    ['set', 'edit'],
    ['unset', 'edit'],
    ['delete', 'delete'],
  ] as const)('may not %s, whether or not the script exists', async (operation, verb) => {
    const [answer, other] = await Promise.all(
      [uuid, absent].map((uuid) => server.ask(lister, operations[operation], { uuid, value: 1 })),
    );
    expect(answer?.errors).toMatchObject([
      {
        message: `You need the permission dtrace->${uuid}->${verb}.`,
        extensions: { code: 'FORBIDDEN', permission: `dtrace->${uuid}->${verb}` },
      },
    ]);
    expect(other?.status).toBe(answer?.status);
    expect(JSON.stringify(other).replaceAll(absent, uuid)).toBe(JSON.stringify(answer));
  });

  it('has changed nothing', async () => {
    expect(await run(admin, 'read', { uuid })).toEqual({
      ...JSON.parse(documented),
      uuid,
      metadata: {},
      revision: 1,
    });
  });

  it('is still more than nobody', async () => {
    expect(codesOf(await server.ask(null, operations.list))).toEqual(['UNAUTHENTICATED']);
    const { status } = await server.ask('dtg_unknown', operations.list);
    expect(status).toBe(401);
  });
});
