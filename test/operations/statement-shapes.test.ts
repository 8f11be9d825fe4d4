import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let uuid: string;
beforeAll(async () => {
  world = await createWorld();
  uuid = await world.addScript('shape', { metadata: { n: 1 }, config: { c: 2 } });
});
afterAll(() => world.close());

const columns = ['name', 'script', 'config', 'metadata', 'revision', 'createdAt', 'updatedAt'];

/** Each set of columns is a statement of its own, for one script and for a list: more than a connection keeps prepared. */
async function askForAllSets(): Promise<void> {
  const { data } = await world.ask(
    'admin',
    `query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { ${columns.join(' ')} } }`,
    {
      uuid,
    },
  );
  const script = data.dtraceScript;
  for (let set = 1; set < 2 ** columns.length; set += 1) {
    const names = columns.filter((_, index) => set & (1 << index));
    const answer = await world.ask(
      'admin',
      `query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { ${names.join(' ')} } dtraceScripts(first: 5) { ${names.join(' ')} } }`,
      { uuid },
    );
    const expected = Object.fromEntries(names.map((name) => [name, script[name]]));
    expect(answer.errors).toEqual([]);
    expect(answer.data).toEqual({ dtraceScript: expected, dtraceScripts: [expected] });
  }
}

it('answers the same, whatever shapes of reads and writes have come before', async () => {
  await askForAllSets();
  const set = `mutation ($uuid: UUID!, $path: [String!]!, $value: JSON, $revision: Int) {
    setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $revision) { dtraceScript { revision metadata } }
  }`;
  for (let length = 1; length <= 16; length += 1) {
    const path = Array.from({ length }, (_, index) => `${length} ${index}`);
    for (const ifRevision of [undefined, 2 * length]) {
      const answer = await world.ask('admin', set, { uuid, path, value: length, revision: ifRevision });
      expect(answer.errors).toEqual([]);
      const { metadata } = answer.data.setDtraceScriptMetadata.dtraceScript;
      expect(path.reduce((value, key) => value[key], metadata)).toBe(length);
    }
  }
  await askForAllSets();
});
