import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, createWorld, type World } from '../support/world.ts';
import { type Dialect, type Graph, startGraph } from './graph.ts';

const hostsQuery = '{ hosts { name scripts { uuid name revision } } }';

describe.each<Dialect>(['stitching', 'federation', 'supergraph'])('behind a %s gateway', (dialect) => {
  let world: World;
  let graph: Graph;
  const uuids: string[] = [];
  const absent = randomUUID();
  /** The scripts of each host, in an order that is not that of the library. */
  let placed: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    world = await createWorld();
    for (let index = 0; index < 10; index++) uuids.push(await world.addScript(`script ${index}`));
    const backwards = [...uuids].reverse();
    placed = {
      left: backwards.slice(0, 6),
      right: backwards.slice(6),
      empty: [],
      astray: [absent, backwards[2] ?? ''],
    };
    const hosts = Object.entries(placed).map(([name, scripts]) => ({ uuid: randomUUID(), name, scripts }));
    graph = await startGraph(dialect, world, hosts);
  });
  afterAll(async () => {
    await graph?.close();
    await world?.close();
  });

  /** What a caller sees who may get these scripts and no others. */
  function seen(...gettable: readonly string[]) {
    return Object.entries(placed).map(([name, scripts]) => ({
      name,
      scripts: scripts.map((uuid) =>
        gettable.includes(uuid)
          ? { uuid, name: `script ${uuids.indexOf(uuid)}`, revision: 1 }
          : { uuid, name: null, revision: null },
      ),
    }));
  }

  it('ten scripts that another service refers to take one HTTP request and one query here', async () => {
    graph.counted();
    const { data, errors } = await graph.ask(world.tokens.reader, hostsQuery);
    expect(graph.counted()).toEqual({ requests: 1, queries: 1 });
    expect(errors).toEqual([]);
    expect(data.hosts).toEqual(seen(...uuids));
  });

  it('a refused script is missing with an error of its own, and takes nothing else along', async () => {
    const [one = ''] = uuids.slice(2);
    const token = await world.addUser('reader-of-one', `dtrace->${one}->get`);
    const { data, errors } = await graph.ask(token, hostsQuery);
    expect(data.hosts).toEqual(seen(one));
    // A stitching gateway repeats an error for each field that it leaves empty.
    const refused = new Set(errors.map(({ extensions }) => `${extensions.code} ${extensions.permission}`));
    const others = [...uuids, absent].filter((uuid) => uuid !== one);
    expect(refused).toEqual(new Set(others.map((uuid) => `FORBIDDEN dtrace->${uuid}->get`)));
  });

  it('a refusal reads the same whether or not the script exists, and looks nothing up', async () => {
    graph.counted();
    const { data, errors } = await graph.ask(world.tokens.lister, hostsQuery);
    expect(graph.counted()).toEqual({ requests: 1, queries: 0 });
    expect(data.hosts).toEqual(seen());
    const about = (uuid: string) => {
      const known = errors.find(({ extensions }) => extensions.permission === `dtrace->${uuid}->get`);
      return JSON.stringify({ ...known, path: undefined }).replaceAll(uuid, 'UUID');
    };
    expect(about(absent)).toContain('FORBIDDEN');
    expect(about(absent)).toBe(about(uuids[0] ?? ''));
  });

  it.each([
    ['no token', null],
    ['a bad token', 'dtg_unknown'],
  ])('%s is refused by this service, while the other one answers', async (_, token) => {
    graph.counted();
    const answer = await graph.ask(token, hostsQuery);
    expect(graph.counted()).toEqual({ requests: 1, queries: 0 });
    expect(answer.data.hosts).toEqual(seen());
    expect(new Set(codesOf(answer))).toEqual(new Set(['UNAUTHENTICATED']));
  });

  it('a revoked token is refused from the next operation on', async () => {
    const token = await world.addUser('leaver', '...');
    expect((await graph.ask(token, hostsQuery)).errors).toEqual([]);
    const [known] = await world.accounts.listTokens('leaver');
    await world.accounts.revokeToken(known?.id ?? '');
    expect(codesOf(await graph.ask(token, hostsQuery))).toContain('UNAUTHENTICATED');
  });

  it('the fields of this service are there under their own names, with their own outcomes', async () => {
    const [own, other] = [await world.addScript('own'), uuids[0]];
    const token = await world.addUser('editor-through', `dtrace->${own}->...`);
    const edit = (uuid = '') =>
      graph.ask(
        token,
        `mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["a"], value: { b: [1] }) {
           uuid dtraceScript { name metadata(path: ["a"]) } } }`,
      );
    const { data, errors } = await edit(own);
    expect(errors).toEqual([]);
    expect(data.setDtraceScriptMetadata).toEqual({
      uuid: own,
      dtraceScript: { name: 'own', metadata: { b: [1] } },
    });
    const refused = await edit(other);
    expect(refused.data?.setDtraceScriptMetadata ?? null).toBeNull();
    expect(codesOf(refused)).toEqual(['FORBIDDEN']);
  });

  it('nobody meets the protocols of either dialect', async () => {
    const { data } = await graph.ask(
      world.tokens.admin,
      '{ __schema { queryType { fields { name } } directives { name } types { name } } }',
    );
    const names = [
      ...data.__schema.queryType.fields,
      ...data.__schema.directives,
      ...data.__schema.types,
    ].map(({ name }: { name: string }) => name);
    for (const name of ['_sdl', '_service', '_entities', '_Any', '_Entity', '_Service', 'key', 'link']) {
      expect(names).not.toContain(name);
    }
  });
});
