import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';
import { codesOf } from '../support/world.ts';

const create = 'mutation { createDtraceScript(input: {name: "0", script: "BEGIN {}"}) { uuid } }';
const set = `mutation ($uuid: UUID!, $path: [String!]!, $value: JSON) {
  setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) { uuid }
}`;
const unset = `mutation ($uuid: UUID!, $path: [String!]!) {
  unsetDtraceScriptMetadata(uuid: $uuid, path: $path) { uuid }
}`;
const edit = `mutation ($uuid: UUID!, $name: String!) {
  updateDtraceScript(uuid: $uuid, input: {name: $name}) { uuid }
}`;
const remove = 'mutation ($uuid: UUID!) { deleteDtraceScript(uuid: $uuid) { uuid } }';
const read = 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { name metadata revision } }';

/** What a script must look like after every acknowledged write to it. */
interface Expected {
  readonly uuid: string;
  readonly metadata: Map<string, number>;
  name: string;
  revision: number;
  isDeleted: boolean;
}

let database: TestDatabase;
let servers: readonly Server[];
let token: string;
beforeAll(async () => {
  database = await createDatabase();
  const first = await startServer({ DATABASE_URL: database.url });
  servers = [first, ...(await Promise.all([1, 2].map(() => startServer({ DATABASE_URL: database.url }))))];
  token = first.adminToken ?? '';
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.drop();
});

it('sets, unsets, edits and deletes through three processes end in what was acknowledged', async () => {
  const scripts = await Promise.all(
    Array.from({ length: 6 }, async (): Promise<Expected> => {
      const { data } = await (servers[0] as Server).ask(token, create);
      return {
        uuid: data.createDtraceScript.uuid,
        metadata: new Map(),
        name: '0',
        revision: 1,
        isDeleted: false,
      };
    }),
  );

  /** One client of one server. Its keys and, for the first of a script's clients, the name are its own. */
  const client = async (script: Expected, number: number) => {
    const server = servers[number % servers.length] as Server;
    const key = `client ${number}`;
    for (let step = 1; step <= 12; step += 1) {
      const wantsUnset = script.metadata.has(key) && step % 3 === 0;
      const wantsEdit = number === 0 && step % 2 === 0;
      const { uuid } = script;
      const answer = wantsEdit
        ? await server.ask(token, edit, { uuid, name: String(step) })
        : wantsUnset
          ? await server.ask(token, unset, { uuid, path: ['shared', key] })
          : await server.ask(token, set, { uuid, path: ['shared', key], value: step });
      if (answer.errors.length > 0) {
        expect(codesOf(answer)).toEqual(['NOT_FOUND']);
        expect(answer.errors[0]?.message).toBe(`There is no script ${uuid}.`);
        expect(script.isDeleted).toBe(true);
        return;
      }
      script.revision += 1;
      if (wantsEdit) script.name = String(step);
      else if (wantsUnset) script.metadata.delete(key);
      else script.metadata.set(key, step);
    }
  };
  const remover = async (script: Expected, server: Server) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    // From here on others may find it gone, before its deletion is acknowledged.
    script.isDeleted = true;
    expect((await server.ask(token, remove, { uuid: script.uuid })).errors).toEqual([]);
  };

  await Promise.all([
    ...scripts.flatMap((script) => Array.from({ length: 6 }, (_, number) => client(script, number))),
    ...scripts.slice(4).map((script, index) => remover(script, servers[index + 1] as Server)),
  ]);

  for (const { uuid, name, revision, metadata, isDeleted } of scripts) {
    for (const server of servers) {
      const { data } = await server.ask(token, read, { uuid });
      expect(data.dtraceScript).toEqual(
        isDeleted ? null : { name, revision, metadata: { shared: Object.fromEntries(metadata) } },
      );
    }
  }
});
