import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePermission } from '../../src/permissions/permission.ts';
import { matchByDefinition } from '../permissions/vocabulary.ts';
import { type Server, startServer } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';
import { type FuzzRequest, requests } from './requests.ts';

/** How long requests are sent for. `FUZZ_SECONDS` lets a patient machine go on for longer. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 3);
const clients = 8;

/** The scripts that are there from the beginning, each with a secret in every one of its fields. */
const scripts = ['apple', 'berry', 'cherry'].map((fruit) => ({ fruit, secret: `secret-${fruit}`, uuid: '' }));
const secrets = /secret-(\w+)/g;

/** Who sends requests, and what they hold; `A` and `B` stand for the first two scripts. Only `A` may be written. */
const people: Readonly<Record<string, readonly string[]>> = {
  root: ['cloud->...', '...->get'],
  reader: ['cloud->dtrace->list', 'dtrace->_->get'],
  lister: ['cloud->dtrace->list'],
  owner: ['cloud->dtrace->list', 'dtrace->A->...'],
  getter: ['cloud->dtrace->_', 'dtrace->B->get'],
  editor: ['cloud->dtrace->list', 'dtrace->A->edit'],
  near: [
    'cloud->dtrace->list',
    'dtrace->A',
    'dtrace->A->GET',
    'dtraces->A->get',
    'dtrace->B->get->x',
    '_->B',
  ],
  nothing: [],
};
const outsiders = [undefined, 'Bearer dtg_unknown', 'Bearer', 'Basic YTpi', `Bearer ${'x'.repeat(600)}`];

let world: World;
let server: Server;
const tokens = new Map<string, string>();
const visible = new Map<string, ReadonlySet<string>>();

beforeAll(async () => {
  world = await createWorld();
  server = await startServer({
    DATABASE_URL: world.database.url,
    MAX_OPERATIONS: '3',
    MAX_FAILED_SIGN_INS: '1000000',
  });
  for (const script of scripts) {
    const { secret, fruit } = script;
    const more = { script: `/* ${secret} */`, config: { [secret]: 1 }, metadata: { [fruit]: secret } };
    script.uuid = await world.addScript(secret, more);
  }
  for (const [name, permissions] of Object.entries(people)) {
    const granted = permissions.map((permission) =>
      permission.replace('A', scripts[0]?.uuid ?? '').replace('B', scripts[1]?.uuid ?? ''),
    );
    tokens.set(name, await world.addUser(`fuzz-${name}`, ...granted));
    const shown = scripts.filter(({ uuid }) =>
      granted.some((permission) => matchByDefinition(parsePermission(permission), ['dtrace', uuid, 'get'])),
    );
    visible.set(name, new Set(shown.map(({ fruit }) => fruit)));
  }
});
afterAll(async () => {
  await server.stop();
  await world.close();
});

it(
  'nothing that anybody sends brings it down, or out with what they may not see',
  async () => {
    const senders = [...Object.keys(people), ...outsiders];
    const sent = fc.tuple(fc.constantFrom(...senders), requests(scripts.map(({ uuid }) => uuid)));
    const until = Date.now() + seconds * 1000;
    const statuses = new Map<number, number>();
    const sizes: number[] = [];
    let count = 0;

    const client = async (seed: number) => {
      for (let round = 0; Date.now() < until; round += 1) {
        for (const [sender, request] of fc.sample(sent, { numRuns: 20, seed: seed + clients * round })) {
          await check(sender, request);
        }
      }
    };

    const check = async (sender: string | undefined, request: FuzzRequest) => {
      const response = await send(sender, request);
      const context = () =>
        `${sender} ${JSON.stringify(request)} → ${response.status} ${response.body}`.slice(0, 2000);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect(response.status, context()).toBeLessThan(500);
      expect(response.id, context()).toMatch(/^[\w.:-]{1,128}$/);
      expect(response.body, context()).not.toMatch(/ at \S+ \(?file:|node_modules|SELECT |PrismaClient/);
      const allowed = visible.get(sender ?? '') ?? new Set();
      for (const [, fruit] of response.body.matchAll(secrets)) {
        expect(allowed.has(fruit ?? ''), context()).toBe(true);
      }
      count += 1;
      if (count % 25 === 0) sizes.push(residentMegabytes(server.pid));
    };
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
    await Promise.all(Array.from({ length: clients }, (_, number) => client(seed + number)));

    const untouched = await server.ask(
      tokens.get('root') ?? '',
      'query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { revision } }',
      { uuids: scripts.slice(1).map(({ uuid }) => uuid) },
    );
    expect(untouched.data.dtraceScriptsByUuid).toEqual([{ revision: 1 }, { revision: 1 }]);
    expect(server.stderr()).not.toContain('internal-error');
    // Requests of all kinds were made, and most were understood.
    expect(statuses.get(200)).toBeGreaterThan(count / 5);
    for (const status of [400, 401]) expect(statuses.get(status)).toBeGreaterThan(0);
    // The last third of the time takes no more memory than the second, but for what the collector leaves lying.
    const third = Math.floor(sizes.length / 3);
    expect(Math.max(...sizes.slice(2 * third))).toBeLessThan(Math.max(...sizes.slice(third, 2 * third)) + 80);
    console.info(`${count} requests with seed ${seed}: ${JSON.stringify(Object.fromEntries(statuses))}`);
  },
  1000 * (seconds + 60),
);

async function send(sender: string | undefined, { method, path, headers, body }: FuzzRequest) {
  const token = tokens.get(sender ?? '');
  const authorization = token === undefined ? sender : `Bearer ${token}`;
  const response = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, id: response.headers.get('x-request-id'), body: await response.text() };
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
