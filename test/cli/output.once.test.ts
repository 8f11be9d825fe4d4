import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { openSession, runShell } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';

describe('migrate', () => {
  const applied = /^Applied \d{14}_\w+(, \d{14}_\w+)*\.\n$/;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('tells what it applied, and when there is nothing to apply', async () => {
    const run = openSession({ DATABASE_URL: database.url });
    expect(await run('migrate')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(applied),
      stderr: '',
    });
    expect(await run('migrate')).toMatchObject({
      code: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
    expect(await run('migrate', '--json')).toMatchObject({ code: 0, stdout: '{"applied":[]}\n', stderr: '' });
  });
});

describe.runIf(provider === 'sqlite')('a reader who goes away', () => {
  let world: World;
  const shell = (line: string) => runShell(line, { DATABASE_URL: world.database.url });
  beforeAll(async () => {
    world = await createWorld();
    // More than a pipe holds.
    for (let index = 0; index < 50; index += 1) {
      await world.accounts.grant('user', 'reader', `${index}->${'x'.repeat(250)}->`.repeat(6) + index);
    }
  });
  afterAll(() => world.close());

  it('is no failure', async () => {
    expect(await shell(`$GATEWAY users list | head -1; echo \${PIPESTATUS[@]}`)).toMatchObject({
      stdout: expect.stringMatching(/^USER +SUBJECT +ROLES +PERMISSIONS\n0 0\n$/),
      stderr: '',
    });
    // Nobody can be told of the mistake, and yet it was one.
    expect(await shell(`$GATEWAY users add 2>&1 | true; echo \${PIPESTATUS[@]}`)).toMatchObject({
      stdout: '2 0\n',
    });
  });

  it('is told apart from an output that cannot be written', async () => {
    expect(await shell('$GATEWAY tokens create reader >/dev/full')).toMatchObject({
      code: 1,
      stderr: 'Standard output cannot be written: ENOSPC: no space left on device, write.\n',
    });
  });
});
