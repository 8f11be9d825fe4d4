import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';
import { checkIntegrity, openRawDatabase } from '../support/raw-database.ts';

const clients = 16;
const writesBeforeCrash = 100;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** What servers have acknowledged, over all their lives. */
const acknowledged = { metadata: new Map<string, number>(), scripts: new Set<string>() };

/** Writes without pause until the server is gone. Kills it in the midst, after a number of acknowledged writes. */
async function writeUntilKilled(server: Server, token: string, uuid: string, round: number): Promise<void> {
  let writes = 0;
  const client = async (number: number) => {
    for (let index = 0; ; index += 1) {
      const key = `${round}.${number}.${index}`;
      try {
        if (index % 4 === 3) {
          const { data } = await server.ask(
            token,
            'mutation ($name: String!) { createDtraceScript(input: {name: $name, script: "BEGIN {}"}) { uuid } }',
            { name: key },
          );
          acknowledged.scripts.add(data.createDtraceScript.uuid);
        } else {
          const { errors } = await server.ask(
            token,
            'mutation ($uuid: UUID!, $path: [String!]!, $value: JSON) { setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) { uuid } }',
            { uuid, path: [key], value: index },
          );
          expect(errors).toEqual([]);
          acknowledged.metadata.set(key, index);
        }
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
      writes += 1;
      if (writes === writesBeforeCrash) server.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  expect(writes).toBeGreaterThanOrEqual(writesBeforeCrash);
  expect(await server.ended).toMatchObject({ signal: 'SIGKILL', stderr: '' });
}

/** How often an action on a script, or on any, is in the audit trail. */
async function countEvents(action: string, uuid?: string): Promise<number> {
  const raw = await openRawDatabase(database.url);
  const ofScript = uuid === undefined ? '' : `AND script_uuid = '${uuid}'`;
  const [row] = await raw.rows(
    `SELECT count(*) FROM audit_events WHERE action = '${action}' AND outcome = 'SUCCEEDED' ${ofScript}`,
  );
  await raw.close();
  return Number(row?.[0]);
}

it('every acknowledged write outlives, with its event, a server that is killed, time and again', async () => {
  let server = await startServer({ DATABASE_URL: database.url });
  const token = server.adminToken ?? '';
  const created = await server.ask(
    token,
    'mutation { createDtraceScript(input: {name: "busy", script: "BEGIN {}"}) { uuid } }',
  );
  const { uuid } = created.data.createDtraceScript;

  for (let round = 0; round < 2; round += 1) {
    await writeUntilKilled(server, token, uuid, round);
    server = await startServer({ DATABASE_URL: database.url });
    const { data } = await server.ask(
      token,
      'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { metadata revision } dtraceScripts { uuid } }',
      { uuid },
    );
    const { metadata, revision } = data.dtraceScript;
    expect(metadata).toMatchObject(Object.fromEntries(acknowledged.metadata));
    // A write whose answer was lost may be there too; whatever is there was counted.
    expect(revision).toBe(1 + Object.keys(metadata).length);
    const uuids = new Set(data.dtraceScripts.map((script: { uuid: string }) => script.uuid));
    expect([...acknowledged.scripts].filter((script) => !uuids.has(script))).toEqual([]);
    expect(await countEvents('SET_METADATA', uuid)).toBe(revision - 1);
    expect(await countEvents('CREATE_SCRIPT')).toBe(uuids.size - (provider === 'sqlite' ? 2 : 0));
    expect(await checkIntegrity(database.url)).toBe('ok');
  }
  expect(await server.stop()).toMatchObject({ code: 0, stderr: '' });
});
