import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Server, startServer } from '../support/process.ts';

const watch = new URL('../support/watch-code-generation.js', import.meta.url).href;
/** A published marker: a compiler of queries took the text behind it for code, whoever had sent it. */
const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
const times = 6;

let database: TestDatabase;
let server: Server;
beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({
    DATABASE_URL: database.url,
    NODE_OPTIONS: `--import ${watch}`,
    MAX_FAILED_SIGN_INS: '1000000',
  });
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

const trace = join(tmpdir(), `dtrace-gateway-code-${process.pid}`);
/** Writes a file, should it ever run. It holds no double quote, as literals would escape it. */
const code = `process.getBuiltinModule('fs').writeFileSync('${trace}', 'x')`;

const documents: readonly string[] = [
  `{ dtraceScripts(filter: { name: { equals: ${JSON.stringify(marker + code)} } }) { name } }`,
  `{ dtraceScripts(filter: { name: { contains: ${JSON.stringify(code)} } }) { name } }`,
  `{ dtraceScripts(filter: { metadata: [{ path: [${JSON.stringify(code)}], equals: { __proto__: ${JSON.stringify(code)} } }] }) { name } }`,
  `query ($text: String = ${JSON.stringify(code)}) { dtraceScripts(filter: { name: { equals: $text } }) { uuid } }`,
  '{ constructor: viewer { __proto__: name toString: id } then: dtraceScripts { __proto__: uuid } }',
  '{ _entities(representations: [{ __typename: "DtraceScript", uuid: "x" }]) { ... on DtraceScript { uuid } } }',
];

it('nothing that anybody sends becomes code, however often it comes', async () => {
  server.kill('SIGUSR2');
  await expect.poll(() => server.stderr()).toContain('watching');
  for (const token of [null, 'dtg_unknown', server.adminToken ?? '']) {
    for (const document of documents) {
      const answers: string[] = [];
      for (let time = 0; time < times; time += 1) {
        const { status, data, errors } = await server.ask(token, document);
        answers.push(JSON.stringify({ status, data, errors }));
      }
      expect(new Set(answers).size, document).toBe(1);
    }
  }
  await expect(readFile(trace)).rejects.toThrow('ENOENT');
  expect(/code-generated.{0,900}/.exec(server.stderr())?.[0]).toBeUndefined();
});
