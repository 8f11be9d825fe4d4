import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';

/** What the requests below may take in all, where each of them took gigabytes or minutes. */
const [maxGrowthMiB, maxWaitMs] = [250, 2_000];

let database: TestDatabase;
let server: Server;
let uuid: string;
const token = () => server.adminToken ?? '';
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ DATABASE_URL: database.url });
  const create = 'mutation ($input: CreateDtraceScriptInput!) { createDtraceScript(input: $input) { uuid } }';
  const members = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`key${index}`, 'v'.repeat(80)]),
  );
  const input = { name: 'large', script: 's'.repeat(31_000), metadata: members };
  const { data } = await server.ask(token(), create, { input });
  uuid = data.createDtraceScript.uuid;
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

async function peakMiB(): Promise<number> {
  if (!existsSync('/proc/self/status')) return 0;
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

const aliases = (field: string) => Array.from({ length: 30 }, (_, index) => `a${index}: ${field}`).join(' ');
const uuids = () => Array.from({ length: 660 }, () => uuid);
const batch = (fields: string) => `query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { ${fields} } }`;
const entities = (fields: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on DtraceScript { ${fields} } } }`;
const representations = () => uuids().map((of) => ({ __typename: 'DtraceScript', uuid: of }));
const path = 'metadata(path: ["key299"])';
const deep = 'metadata(path: ["key0", "no", "such"])';
const long = (length: number, index: number) => String(index).padStart(length, 'x');

it.each([
  ['a batch that repeats one script under many names', batch(aliases('script')), () => ({ u: uuids() })],
  ['entities that do', entities(aliases('script')), () => ({ r: representations() })],
  ['a batch that repeats paths of metadata', batch(aliases(path)), () => ({ u: uuids() })],
  ['entities that do', entities(aliases(path)), () => ({ r: representations() })],
  ['a batch of paths that lead nowhere', batch(aliases(deep)), () => ({ u: uuids() })],
  ['a batch with directives', batch(aliases('script @skip(if: false)')), () => ({ u: uuids() })],
  [
    'as much as costs what is allowed',
    `query ($u: [UUID!]!) { dtraceScriptsByUuid(uuids: $u) { ${Array.from({ length: 25 }, (_, index) => `a${index}: script`).join(' ')} } }`,
    () => ({ u: uuids() }),
  ],
  [
    'filters by long names',
    'query ($t: String!) { dtraceScripts(filter: { name: { contains: $t } }) { uuid } }',
    (index: number) => ({ t: long(900_000, index) }),
  ],
  [
    'filters by names that are as long as allowed',
    'query ($t: String!) { dtraceScripts(filter: { name: { contains: $t } }) { uuid } }',
    (index: number) => ({ t: long(255, index) }),
  ],
  [
    'filters by long values of metadata',
    'query ($t: JSON) { dtraceScripts(filter: { metadata: [{ path: ["key0"], equals: $t }] }) { uuid } }',
    (index: number) => ({ t: long(900_000, index) }),
  ],
  [
    'filters by long paths of metadata',
    'query ($t: [String!]!) { dtraceScripts(filter: { metadata: [{ path: $t, isSet: true }] }) { uuid } }',
    (index: number) => ({ t: [long(900_000, index)] }),
  ],
  [
    'audit events of a long name',
    'query ($t: String!) { auditEvents(filter: { userName: $t }) { nodes { id } } }',
    (index: number) => ({ t: long(900_000, index) }),
  ],
  ['documents that are long', '', (index: number) => ({ long: long(900_000, index) })],
])('%s: the server answers others, and its memory is bounded', async (_, query, variables) => {
  // What the first request makes the server load is its own.
  await server.ask(token(), batch(aliases('name')), { u: [uuid] });
  const before = await peakMiB();
  const sendOne = async (index: number) => {
    const given = variables(index);
    const document = query === '' ? `{ __typename } # ${JSON.stringify(given)}` : query;
    const { status } = await server.ask(token(), document, query === '' ? undefined : given);
    expect(status).toBeLessThan(500);
  };
  const asked = Promise.all(
    Array.from({ length: 3 }, async (_, client) => {
      for (let turn = 0; turn < 4; turn += 1) await sendOne(4 * client + turn);
    }),
  );
  let [longest, isOver] = [0, false];
  void asked
    .finally(() => {
      isOver = true;
    })
    .catch(() => {});
  while (!isOver) {
    const began = performance.now();
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    longest = Math.max(longest, performance.now() - began);
    await sleep(10);
  }
  await asked;
  expect(longest).toBeLessThan(maxWaitMs);
  expect((await peakMiB()) - before).toBeLessThan(maxGrowthMiB);
});
