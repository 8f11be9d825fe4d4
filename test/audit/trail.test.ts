import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createAuditTrail } from '../../src/operations/audit-trail.ts';
import type { RecordedEvent } from '../../src/store/store.ts';
import { send } from '../rest/client.ts';
import { anyEvent } from '../support/event.ts';
import { fetchFrom } from '../support/fetch-from.ts';
import { openRawDatabase } from '../support/raw-database.ts';
import { codesOf, createWorld, type Person, sendOperation, type World } from '../support/world.ts';

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld({ MAX_COST: '100000' });
  uuid = await world.addScript('recorded', { metadata: { text: 'a', secret: 'MARKER' } });
});
afterAll(() => world.close());

/** Who may act, as what the trail says of them: with a script that nobody else has, so that events can be told apart. */
const fields = `id at action outcome via requestId userId userName tokenId address permission scriptUuid target`;

/** What was recorded while something was done, the earliest first. */
async function eventsOf(act: () => Promise<unknown>): Promise<RecordedEvent[]> {
  const [last] = await world.store.audit.list({ limit: 1 });
  await act();
  const events = await world.store.audit.list({ limit: 1_000 });
  return events.filter(({ id }) => id > (last?.id ?? 0)).sort((one, other) => one.id - other.id);
}

const UUID = 'the script';
const absent = randomUUID();
const named = (text: string | null) => text?.replaceAll(UUID, uuid).replaceAll('ABSENT', absent) ?? null;

/** An event in short: what was done, how it ended, and either the lacking permission or the target. */
type Trace = readonly [action: string, outcome: string, about?: string | null, script?: string | null];

const traceOf = ({ action, outcome, permission, target, scriptUuid }: RecordedEvent) => [
  action,
  outcome,
  permission ?? target,
  scriptUuid,
];
const expected = ([action, outcome, about = null, script = UUID]: Trace) => [
  action,
  outcome,
  named(about),
  named(script),
];

const on = (mutation: string, args = '', selection = 'uuid') =>
  `mutation { ${mutation}(uuid: "${UUID}"${args}) { ${selection} } }`;
const get = `dtrace->${UUID}->get`;
const list = 'cloud->dtrace->list';

const operations: readonly [what: string, as: Person, operation: string, ...traces: Trace[]][] = [
  ['an update', 'admin', on('updateDtraceScript', ', input: {name: "n"}'), ['UPDATE_SCRIPT', 'SUCCEEDED']],
  [
    'an update to null',
    'admin',
    on('updateDtraceScript', ', input: {name: null}'),
    ['UPDATE_SCRIPT', 'BAD_USER_INPUT'],
  ],
  [
    'metadata that is set',
    'admin',
    on('setDtraceScriptMetadata', ', path: ["a", "b c"], value: "MARKER"'),
    ['SET_METADATA', 'SUCCEEDED', 'a."b c"'],
  ],
  [
    'metadata in the way of what is set',
    'admin',
    on('setDtraceScriptMetadata', ', path: ["text", "b"], value: "MARKER"'),
    ['SET_METADATA', 'BAD_USER_INPUT', 'text.b'],
  ],
  [
    'a path that no database could hold',
    'admin',
    on('setDtraceScriptMetadata', `, path: ["\\u0000", "${'x'.repeat(1_200)}"], value: 1`),
    ['SET_METADATA', 'BAD_USER_INPUT', `"\\u0000".${'x'.repeat(991)}…`],
  ],
  [
    'a write that came too late',
    'admin',
    on('setDtraceScriptMetadata', ', path: ["a"], value: 1, ifRevision: 99'),
    ['SET_METADATA', 'CONFLICT', 'a'],
  ],
  [
    'metadata that is unset',
    'admin',
    on('unsetDtraceScriptMetadata', ', path: ["a"]'),
    ['UNSET_METADATA', 'SUCCEEDED', 'a'],
  ],
  [
    'the removal of what is not there',
    'admin',
    on('unsetDtraceScriptMetadata', ', path: ["a"]'),
    ['UNSET_METADATA', 'NOT_FOUND', 'a'],
  ],
  [
    'the deletion of a script that is not there',
    'admin',
    `mutation { deleteDtraceScript(uuid: "ABSENT") { uuid } }`,
    ['DELETE_SCRIPT', 'NOT_FOUND', null, 'ABSENT'],
  ],
  [
    'a script that is refused after the write',
    'blind',
    on('updateDtraceScript', ', input: {name: "n"}', 'dtraceScript { name }'),
    ['UPDATE_SCRIPT', 'SUCCEEDED'],
    ['GET_SCRIPT', 'FORBIDDEN', get],
  ],
  [
    'alike refusals of one request, once',
    'creator',
    `{ a: dtraceScript(uuid: "${UUID}") { uuid } b: dtraceScript(uuid: "${UUID}") { uuid }
      dtraceScriptsByUuid(uuids: ["${UUID}", "ABSENT"]) { uuid }
      _entities(representations: [{__typename: "DtraceScript", uuid: "${UUID}"}]) { __typename } }`,
    ['GET_SCRIPT', 'FORBIDDEN', get],
    ['GET_SCRIPT', 'FORBIDDEN', 'dtrace->ABSENT->get', 'ABSENT'],
  ],
  ['a refused list', 'blind', '{ dtraceScripts { uuid } }', ['LIST_SCRIPTS', 'FORBIDDEN', list, null]],
  [
    'a refused connection',
    'blind',
    '{ dtraceScriptsConnection { totalCount } }',
    ['LIST_SCRIPTS', 'FORBIDDEN', list, null],
  ],
  [
    'refused writes',
    'lister',
    `mutation { createDtraceScript(input: {name: "n", script: "MARKER"}) { uuid }
      updateDtraceScript(uuid: "${UUID}", input: {name: "n"}) { uuid }
      setDtraceScriptMetadata(uuid: "${UUID}", path: ["a"], value: "MARKER") { uuid }
      unsetDtraceScriptMetadata(uuid: "${UUID}", path: ["a"]) { uuid }
      deleteDtraceScript(uuid: "${UUID}") { uuid } }`,
    ['CREATE_SCRIPT', 'FORBIDDEN', 'cloud->dtrace->create', null],
    ['UPDATE_SCRIPT', 'FORBIDDEN', `dtrace->${UUID}->edit`],
    ['SET_METADATA', 'FORBIDDEN', `dtrace->${UUID}->edit`],
    ['UNSET_METADATA', 'FORBIDDEN', `dtrace->${UUID}->edit`],
    ['DELETE_SCRIPT', 'FORBIDDEN', `dtrace->${UUID}->delete`],
  ],
  [
    'a refused reading of the trail',
    'editor',
    '{ auditEvents { nodes { id } } }',
    ['LIST_AUDIT_EVENTS', 'FORBIDDEN', 'cloud->audit->list', null],
  ],
  ['nothing of a script that a list hides', 'lister', '{ dtraceScripts { uuid } }'],
  [
    'nothing of what is granted',
    'admin',
    `{ dtraceScript(uuid: "${UUID}") { metadata } _sdl viewer { name } }`,
  ],
];

describe('of GraphQL the trail has', () => {
  it.each(operations)('%s', async (_, as, operation, ...traces) => {
    const events = await eventsOf(() => world.ask(as, named(operation) ?? ''));
    expect(events.map(traceOf)).toEqual(traces.map(expected));
    const { userId, token } = (await world.ask(as, '{ viewer { userId: id token { id } } }')).data.viewer;
    for (const event of events) {
      expect(event).toMatchObject({ via: 'GRAPHQL', userName: as, userId, tokenId: token.id });
      expect(event.requestId).toBe(events[0]?.requestId);
    }
  });

  it('the creation and the deletion of a script', async () => {
    let created = '';
    const events = await eventsOf(async () => {
      created = await world.addScript('short-lived');
      await world.ask('admin', `mutation { deleteDtraceScript(uuid: "${created}") { uuid } }`);
    });
    expect(events.map(traceOf)).toEqual([
      ['CREATE_SCRIPT', 'SUCCEEDED', null, created],
      ['DELETE_SCRIPT', 'SUCCEEDED', null, created],
    ]);
  });

  it('at most a hundred refusals of one request, and how many there were more', async () => {
    const uuids = Array.from({ length: 250 }, () => randomUUID());
    const query = 'query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { uuid } }';
    const events = await eventsOf(() => world.ask('lister', query, { uuids }));
    expect(events).toHaveLength(101);
    expect(traceOf(events[99] as RecordedEvent)[3]).toBe(uuids[99]);
    expect(traceOf(events[100] as RecordedEvent)).toEqual([
      'GET_SCRIPT',
      'FORBIDDEN',
      '150 more refusals of the same request',
      null,
    ]);
  });

  it('a bad token, and nothing of somebody without one', async () => {
    const query = `{ dtraceScript(uuid: "${uuid}") { uuid } }`;
    const events = await eventsOf(async () => {
      await world.ask({ token: 'dtg_MARKER' }, query);
      await world.ask(null, query);
    });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'SIGN_IN',
        outcome: 'UNAUTHENTICATED',
        via: 'GRAPHQL',
        userName: null,
      }),
    ]);
  });
});

const routes: readonly [method: string, path: string, as: Person, body: unknown, ...traces: Trace[]][] = [
  ['PUT', UUID, 'admin', { name: 'n' }, ['UPDATE_SCRIPT', 'SUCCEEDED']],
  ['PUT', UUID, 'admin', { name: '' }, ['UPDATE_SCRIPT', 'BAD_USER_INPUT']],
  [
    'PUT',
    `${UUID}/metadata/x`,
    'admin',
    { k: 'MARKER', 'l m': 2 },
    ['SET_METADATA', 'SUCCEEDED', 'x.k, x."l m"'],
  ],
  ['DELETE', `${UUID}/metadata/x`, 'admin', undefined, ['UNSET_METADATA', 'SUCCEEDED', 'x']],
  ['DELETE', `${UUID}/metadata/x`, 'admin', undefined, ['UNSET_METADATA', 'NOT_FOUND', 'x']],
  ['DELETE', 'ABSENT', 'admin', undefined, ['DELETE_SCRIPT', 'NOT_FOUND', null, 'ABSENT']],
  ['GET', '', 'blind', undefined, ['LIST_SCRIPTS', 'FORBIDDEN', list, null]],
  ['POST', '', 'lister', {}, ['CREATE_SCRIPT', 'FORBIDDEN', 'cloud->dtrace->create', null]],
  ['GET', UUID, 'lister', undefined, ['GET_SCRIPT', 'FORBIDDEN', get]],
  ['PUT', UUID, 'lister', {}, ['UPDATE_SCRIPT', 'FORBIDDEN', `dtrace->${UUID}->edit`]],
  ['DELETE', UUID, 'lister', undefined, ['DELETE_SCRIPT', 'FORBIDDEN', `dtrace->${UUID}->delete`]],
  ['PUT', `${UUID}/metadata`, 'lister', {}, ['SET_METADATA', 'FORBIDDEN', `dtrace->${UUID}->edit`]],
  [
    'DELETE',
    `${UUID}/metadata/k`,
    'lister',
    undefined,
    ['UNSET_METADATA', 'FORBIDDEN', `dtrace->${UUID}->edit`],
  ],
  ['GET', UUID, 'admin', undefined],
];

describe('of REST the trail has', () => {
  it.each(routes)('%s /dtrace/%s by %s', async (method, path, as, body, ...traces) => {
    const headers = { 'x-request-id': 'made-elsewhere', 'x-forwarded-for': '192.0.2.7' };
    const events = await eventsOf(() =>
      send(
        world,
        as,
        method,
        named(`/dtrace/${path}`) ?? '',
        body === undefined ? { headers } : { headers, body },
      ),
    );
    expect(events.map(traceOf)).toEqual(traces.map(expected));
    for (const event of events) {
      const origin = { via: 'REST', userName: as, requestId: 'made-elsewhere', address: '192.0.2.7' };
      expect(event).toMatchObject(origin);
    }
  });

  it('a creation, refused metrics, and a bad token', async () => {
    let location = '';
    const events = await eventsOf(async () => {
      const body = { name: 'n', script: 'MARKER' };
      const created = await send(world, 'admin', 'POST', '/dtrace', { body });
      location = created.headers.get('location') ?? '';
      await send(world, 'lister', 'GET', '/metrics');
      await send(world, { token: 'dtg_MARKER' }, 'GET', '/dtrace');
    });
    expect(events.map(traceOf)).toEqual([
      ['CREATE_SCRIPT', 'SUCCEEDED', null, location.split('/').at(-1)],
      ['READ_METRICS', 'FORBIDDEN', 'cloud->metrics->get', null],
      ['SIGN_IN', 'UNAUTHENTICATED', null, null],
    ]);
  });
});

it('has what administrators do, and what they fail to do', async () => {
  const { accounts } = world;
  let token = { id: '', token: '' };
  const failing = async (attempt: Promise<unknown>) => expect(attempt).rejects.toThrow();
  const events = await eventsOf(async () => {
    await accounts.add('user', 'ann');
    await failing(accounts.add('user', 'ann'));
    await accounts.link('ann', 'subject');
    await accounts.unlink('ann');
    await accounts.add('role', 'crew');
    await accounts.grant('role', 'crew', `dtrace->${uuid}->get`);
    await accounts.grant('role', 'crew', `dtrace->${uuid}->get`);
    await accounts.join('ann', 'crew');
    await accounts.leave('ann', 'crew');
    await accounts.revoke('role', 'crew', `dtrace->${uuid}->get`);
    token = await accounts.createToken('ann', 'laptop', null);
    await accounts.revokeToken(token.id);
    await failing(accounts.revokeToken(token.token));
    await failing(accounts.join('ann', 'nothing'));
    await accounts.delete('role', 'crew');
    await accounts.delete('user', 'ann');
  });
  const grant = `role crew, dtrace->${UUID}->get`;
  const traces: Trace[] = [
    ['ADD_USER', 'SUCCEEDED', 'ann', null],
    ['ADD_USER', 'CONFLICT', 'ann', null],
    ['LINK_USER', 'SUCCEEDED', 'user ann, subject subject', null],
    ['UNLINK_USER', 'SUCCEEDED', 'ann', null],
    ['ADD_ROLE', 'SUCCEEDED', 'crew', null],
    ['GRANT_PERMISSION', 'SUCCEEDED', grant],
    ['JOIN_ROLE', 'SUCCEEDED', 'user ann, role crew', null],
    ['LEAVE_ROLE', 'SUCCEEDED', 'user ann, role crew', null],
    ['REVOKE_PERMISSION', 'SUCCEEDED', grant],
    ['CREATE_TOKEN', 'SUCCEEDED', `user ann, token ${token.id}`, null],
    ['REVOKE_TOKEN', 'SUCCEEDED', `token ${token.id}`, null],
    ['REVOKE_TOKEN', 'NOT_FOUND', null, null],
    ['JOIN_ROLE', 'NOT_FOUND', 'user ann, role nothing', null],
    ['DELETE_ROLE', 'SUCCEEDED', 'crew', null],
    ['DELETE_USER', 'SUCCEEDED', 'ann', null],
  ];
  expect(events.map(traceOf)).toEqual(traces.map(expected));
  for (const event of events)
    expect(event).toMatchObject({ via: 'COMMAND_LINE', requestId: null, userId: null });
});

describe('the trail is read', () => {
  const query = `query ($filter: AuditEventFilter, $first: Int, $after: String) {
    auditEvents(filter: $filter, first: $first, after: $after) {
      nodes { ${fields} } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const read = async (variables: object) =>
    (await world.ask('admin', query, { ...variables })).data.auditEvents;

  it('the latest first, page by page, each event once', async () => {
    const all = await read({ first: 1_000 });
    const ids: string[] = [];
    for (let after: string | null = null; ; ) {
      const { nodes, edges, pageInfo } = await read({ first: 40, after });
      ids.push(...nodes.map((event: { id: string }) => event.id));
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(ids.length).toBeGreaterThan(100);
    expect(ids).toEqual(all.nodes.map((event: { id: string }) => event.id));
    expect((await read({})).nodes).toHaveLength(50);
  });

  it('by user, script, action, outcome and time', async () => {
    const { nodes } = await read({ first: 1_000 });
    const middle = nodes[Math.floor(nodes.length / 2)].at;
    const filters: readonly [object, (event: Record<string, string>) => boolean][] = [
      [{ userName: 'blind' }, ({ userName }) => userName === 'blind'],
      [{ scriptUuid: uuid.toUpperCase() }, ({ scriptUuid }) => scriptUuid === uuid],
      [
        { action: 'SET_METADATA', outcome: 'FORBIDDEN' },
        (e) => e.action === 'SET_METADATA' && e.outcome === 'FORBIDDEN',
      ],
      [{ since: middle }, ({ at = '' }) => at >= middle],
      [{ until: middle }, ({ at = '' }) => at < middle],
    ];
    for (const [filter, matches] of filters) {
      const found = (await read({ filter, first: 1_000 })).nodes;
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(nodes.filter(matches));
    }
  });

  it.each([
    [{ after: 'bm9uc2Vuc2U' }, 'Argument "after": it is not a cursor of this list.'],
    [{ first: 1_001 }, 'Argument "first": it must be from 0 to 1000, not 1001.'],
    [
      { after: 'WyIwMDAwLTAxLTAxVDAwOjAwOjAwLjAwMFoiLDFd' },
      'Argument "after": it is not a cursor of this list.',
    ],
    [{ filter: { since: '0000-01-01T00:00:00Z' } }, 'A DateTime must lie in the years 0001 to 9999'],
    [{ filter: { until: '9999-12-31T23:59:59-01:00' } }, 'A DateTime must lie in the years 0001 to 9999'],
    [{ first: -1 }, 'Argument "first": it must be from 0 to 1000, not -1.'],
    [{ filter: { userName: 'x'.repeat(101) } }, 'Argument "filter.userName": it has 101 characters; 100 are'],
    [{ filter: { userName: '\u0000' } }, 'Argument "filter.userName": it holds the character U+0000'],
  ])('not with %j', async (variables, message) => {
    const { errors } = await world.ask('admin', query, variables);
    expect(errors[0]?.message).toContain(message);
  });

  it('by whoever holds the permission', async () => {
    const token = await world.addUser('auditor', 'cloud->audit->list');
    const { data } = await world.ask({ token }, query);
    expect(data.auditEvents.nodes[0]).toMatchObject({
      action: 'CREATE_TOKEN',
      target: expect.stringContaining('auditor'),
    });
  });
});

it('holds no secret, and nothing of what scripts and their metadata say', async () => {
  const raw = await openRawDatabase(world.database.url);
  const text = JSON.stringify(await raw.rows('SELECT * FROM audit_events'), (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  const digests = (await raw.rows('SELECT digest FROM tokens')).flat();
  await raw.close();
  expect(text).toContain('SET_METADATA');
  for (const secret of ['MARKER', 'dtg_', 'exit(0)', ...Object.values(world.tokens), ...digests]) {
    expect(text).not.toContain(secret);
  }
});

it('loses what is too old, and nothing else', async () => {
  const trail = createAuditTrail(world.store, () => new Date());
  const day = (date: number) => new Date(Date.UTC(2020, 0, date));
  const old = Array.from({ length: 1_300 }, (_, index) => ({
    ...anyEvent(),
    at: day(index < 1_200 ? 1 : 3),
  }));
  await world.store.audit.record(old);
  expect(await Promise.all([trail.prune(day(2)), trail.prune(day(2))])).toSatisfy(
    (deleted: number[]) => deleted.reduce((sum, count) => sum + count) === 1_200,
  );
  expect(await world.store.audit.list({ until: day(9), limit: 1_000 })).toHaveLength(100);
  expect(await trail.prune(day(9))).toBe(100);
});

it('a write that cannot be recorded does not happen, and a refusal stands all the same', async () => {
  const raw = await openRawDatabase(world.database.url);
  const lines: { readonly event: string }[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (entry: { readonly event: string }) => lines.push(entry),
  };
  const gateway = createGateway(world.store, world.config, { ...log, isLevelEnabled: () => false });
  const ask = (as: Person, operation: string) =>
    sendOperation(
      async (init) => fetchFrom(gateway)('/graphql', init),
      world.tokens[as],
      named(operation) ?? '',
    );
  const before = (await world.ask('admin', named(`{ dtraceScript(uuid: "${UUID}") { revision } }`) ?? ''))
    .data;
  await raw.run('ALTER TABLE audit_events RENAME TO elsewhere');
  try {
    const writes = [
      on('setDtraceScriptMetadata', ', path: ["lost"], value: 1'),
      on('deleteDtraceScript'),
      'mutation { createDtraceScript(input: {name: "lost", script: "s"}) { uuid } }',
    ];
    for (const write of writes) expect(codesOf(await ask('admin', write))).toEqual(['INTERNAL_SERVER_ERROR']);
    await expect(world.accounts.add('user', 'lost')).rejects.toThrow();
    expect(codesOf(await ask('lister', on('deleteDtraceScript')))).toEqual(['FORBIDDEN']);
  } finally {
    await raw.run('ALTER TABLE elsewhere RENAME TO audit_events');
    await raw.close();
  }
  const after = await world.ask(
    'admin',
    named(
      `{ dtraceScript(uuid: "${UUID}") { revision } dtraceScripts(filter: {name: {equals: "lost"}}) { uuid } }`,
    ) ?? '',
  );
  expect(after.data).toEqual({ ...before, dtraceScripts: [] });
  expect((await world.accounts.listUsers()).map(({ name }) => name)).not.toContain('lost');
  expect(lines.filter(({ event }) => event === 'audit-failed').at(-1)).toMatchObject({
    action: 'DELETE_SCRIPT',
    outcome: 'FORBIDDEN',
    userName: 'lister',
    scriptUuid: uuid,
  });
});
