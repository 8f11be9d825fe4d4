import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, provider, type TestDatabase } from '../support/database.ts';
import { openSession, runCommand } from '../support/process.ts';

const hint = '(add --help for help)';
const badTime = 'It must be a number and a unit, such as 90m, 12h, 30d or 2w.';

const mistakes: readonly (readonly [words: string[], ...stderr: string[]])[] = [
  [['frobnicate'], "error: unknown command 'frobnicate'", hint],
  [['user', 'list'], "error: unknown command 'user'", '(Did you mean users?)', hint],
  [['users', 'frobnicate'], "error: unknown command 'frobnicate'", hint],
  [['users', 'add'], "error: missing required argument 'name'", hint],
  [['users', 'add', 'a', 'b'], "error: too many arguments for 'add'. Expected 1 argument but got 2.", hint],
  [['users', 'add', '-name'], "error: unknown option '-name'", hint],
  [['users', 'grant', 'a'], "error: missing required argument 'permission'", hint],
  [['roles', 'join', 'a', 'b'], "error: unknown command 'join'", hint],
  [['roles', 'add', 'a', '--subject', 'b'], "error: unknown option '--subject'", hint],
  [['tokens', 'create'], "error: missing required argument 'user'", hint],
  ...['30', '0d', '-1d', '1.5h', '30 d', '3y', ''].map((time): [string[], string, string] => [
    ['tokens', 'create', 'a', '--expires', time],
    `error: option '--expires <time>' argument '${time}' is invalid. ${badTime}`,
    hint,
  ]),
  [
    ['tokens', 'create', 'a', '--expires', '999999w'],
    "error: option '--expires <time>' argument '999999w' is invalid. It must be at most 100 years.",
    hint,
  ],
  [
    ['users', 'grant', 'a', 'dtrace->'],
    'Malformed permission "dtrace->": segment 2 is empty; put a name, _ or ... there',
  ],
  [
    ['roles', 'revoke', 'a', 'dtrace', '', 'get'],
    'Malformed permission "dtrace->->get": segment 2 is empty; put a name, _ or ... there',
  ],
];

const badNames: readonly (readonly [words: string[], message: string])[] = [
  [['users', 'add', ''], 'Argument "user": it must not be empty, nor begin or end with a space.'],
  [['roles', 'add', ' x'], 'Argument "role": it must not be empty, nor begin or end with a space.'],
  [['users', 'add', 'a\nb'], 'Argument "user": it must not hold control characters.'],
  [['roles', 'add', 'x'.repeat(101)], 'Argument "role": it must not be longer than 100 characters.'],
  [
    ['users', 'add', 'a', '--subject', ''],
    'Argument "subject": it must not be empty, nor begin or end with a space.',
  ],
  [['users', 'link', 'a', 'x'.repeat(256)], 'Argument "subject": it must not be longer than 255 characters.'],
];

// The database has no say in any of this.
describe.runIf(provider === 'sqlite')('a mistake in calling the command', () => {
  let database: TestDatabase;
  let run: ReturnType<typeof openSession>;
  beforeAll(async () => {
    database = await createDatabase();
    run = openSession({ DATABASE_URL: database.url });
  });
  afterAll(() => database.drop());

  it.each(mistakes)('%j: %s', async (words, ...stderr) => {
    expect(await run(...words)).toEqual({ code: 2, stdout: '', stderr: `${stderr.join('\n')}\n` });
  });

  it('touches no database', () => {
    expect(existsSync(new URL(database.url))).toBe(false);
  });

  it.each(badNames)('%j: %s', async (words, message) => {
    expect(await run(...words)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  });

  it('may be calling it without saying what for', async () => {
    const [bare, users] = await Promise.all([runCommand([], {}), runCommand(['users'], {})]);
    expect(bare).toMatchObject({ code: 2, stdout: '' });
    expect(bare.stderr).toMatch(/^Usage: dtrace-gateway \[options\] \[command\]\n/);
    expect(users).toMatchObject({ code: 2, stdout: '' });
    expect(users.stderr).toMatch(/^Usage: dtrace-gateway users \[options\] \[command\]\n/);
  });
});

describe.runIf(provider === 'sqlite')('help', () => {
  let run: ReturnType<typeof openSession>;
  beforeAll(() => {
    run = openSession({});
  });

  it.each([
    [['--help'], ['serve', 'migrate', 'users', 'roles', 'tokens', 'DATABASE_URL', '-- before a name']],
    [
      ['users', '--help'],
      ['add', 'list', 'delete', 'grant', 'revoke', 'join', 'leave', 'link', 'unlink'],
    ],
    [
      ['roles', 'grant', '--help'],
      ['<name> <permission...>', "'dtrace->_->get'", '--json'],
    ],
    [
      ['tokens', 'create', '--help'],
      ['--label <label>', '--expires <time>', '30d', '--json'],
    ],
    [['--version'], ['.']],
  ])('is answered to %j', async (words, texts) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of texts) expect(stdout).toContain(text);
  });
});
