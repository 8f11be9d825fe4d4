import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { openSession } from '../support/process.ts';

let database: TestDatabase;
let run: ReturnType<typeof openSession>;
beforeAll(async () => {
  database = await createDatabase();
  run = openSession({ DATABASE_URL: database.url });
});
afterAll(() => database.drop());

const done = (stdout: string) => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });
const failed = (stderr: string) => ({ code: 1, stdout: '', stderr: `${stderr}\n` });

/** The one JSON value that a command answers. */
const answerOf = async (...words: string[]) => {
  const { stdout, ...rest } = await run(...words, '--json');
  expect(rest).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe.each([
  { kind: 'user', kinds: 'users', others: 'roles' },
  { kind: 'role', kinds: 'roles', others: 'members' },
])('$kinds', ({ kind, kinds, others }) => {
  const name = 'Zoë 🐙 Public';

  it('are added under any printable name, once', async () => {
    expect(await run(kinds, 'add', name)).toEqual(done(`Added the ${kind} ${name}.`));
    expect(await run(kinds, 'add', name)).toEqual(failed(`The ${kind} ${name} exists already.`));
    expect(await run(kinds, 'add', '--json', '--', '-hyphen')).toEqual(done('{"name":"-hyphen"}'));
  });

  it('are granted permissions, in one word or in several', async () => {
    expect(await run(kinds, 'grant', name, 'dtrace -> _ -> get')).toEqual(
      done(`Granted dtrace->_->get to ${name}.`),
    );
    expect(await run(kinds, 'grant', name, 'dtrace', '_', 'get')).toEqual(
      done(`${name} held dtrace->_->get already.`),
    );
    expect(await answerOf(kinds, 'grant', name, '...')).toEqual({ name, permission: '...', granted: true });
    expect(await run(kinds, 'grant', 'nobody', 'dtrace->_->get')).toEqual(
      failed(`There is no ${kind} nobody.`),
    );
  });

  it('are granted what may be a slip of the pen, with a note', async () => {
    expect(await run(kinds, 'grant', name, 'dtraces', 'x y', 'get')).toEqual({
      ...done(`Granted dtraces->x y->get to ${name}.`),
      stderr: 'Note: permissions over scripts begin with "dtrace", not "dtraces".\n',
    });
  });

  it('are listed, for people and for programs', async () => {
    const { code, stdout, stderr } = await run(kinds, 'list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // An emoji takes two columns of a terminal, and two UTF-16 units in a string: lines end at the same place.
    const column = stdout.indexOf('PERMISSIONS');
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        kind === 'user' ? /^USER +SUBJECT +ROLES +PERMISSIONS$/ : /^ROLE +MEMBERS +PERMISSIONS$/,
      ),
      '-hyphen',
      `${name.padEnd(column)}..., dtrace->_->get, dtraces->x y->get`,
      '',
    ]);
    const permissions = ['...', 'dtrace->_->get', 'dtraces->x y->get'];
    const more = { id: expect.any(String), [others]: [], ...(kind === 'user' ? { subject: null } : {}) };
    expect(await answerOf(kinds, 'list')).toEqual([
      { ...more, name: '-hyphen', permissions: [] },
      { ...more, name, permissions },
    ]);
  });

  it('lose exactly the permission that is revoked', async () => {
    expect(await run(kinds, 'revoke', name, 'dtrace', '_', 'get')).toEqual(
      done(`Revoked dtrace->_->get from ${name}.`),
    );
    expect(await answerOf(kinds, 'revoke', name, 'dtraces->x y->get')).toEqual({
      name,
      permission: 'dtraces->x y->get',
    });
    // Covered by `...`, and yet not granted in these words.
    expect(await run(kinds, 'revoke', name, 'dtrace->_->get')).toEqual(
      failed(`The ${kind} ${name} was not granted dtrace->_->get.`),
    );
    expect(await run(kinds, 'revoke', 'nobody', '...')).toEqual(failed(`There is no ${kind} nobody.`));
    expect(await answerOf(kinds, 'list')).toMatchObject([{ permissions: [] }, { permissions: ['...'] }]);
  });

  it('are deleted', async () => {
    expect(await run(kinds, 'delete', name)).toEqual(done(`Deleted the ${kind} ${name}.`));
    expect(await run(kinds, 'delete', name)).toEqual(failed(`There is no ${kind} ${name}.`));
    expect(await run(kinds, 'delete', '--json', '--', '-hyphen')).toEqual(done('{"name":"-hyphen"}'));
    expect(await answerOf(kinds, 'list')).toEqual([]);
  });
});

it('users join roles, and leave them', async () => {
  await run('users', 'add', 'ann');
  await run('roles', 'add', 'operators');
  expect(await run('users', 'join', 'ann', 'operators')).toEqual(done('ann joined operators.'));
  expect(await run('users', 'join', 'ann', 'operators')).toEqual(done('ann was in operators already.'));
  const again = { name: 'ann', role: 'operators', joined: false };
  expect(await answerOf('users', 'join', 'ann', 'operators')).toEqual(again);
  expect(await run('users', 'join', 'ann', 'nothing')).toEqual(failed('There is no role nothing.'));
  expect(await run('users', 'join', 'nobody', 'operators')).toEqual(failed('There is no user nobody.'));
  expect(await run('users', 'leave', 'nobody', 'operators')).toEqual(failed('There is no user nobody.'));
  expect(await run('users', 'leave', 'ann', 'nothing')).toEqual(failed('There is no role nothing.'));
  expect(await answerOf('users', 'list')).toMatchObject([{ name: 'ann', roles: ['operators'] }]);
  expect(await answerOf('roles', 'list')).toMatchObject([{ name: 'operators', members: ['ann'] }]);

  expect(await run('users', 'leave', 'ann', 'operators')).toEqual(done('ann left operators.'));
  expect(await run('users', 'leave', 'ann', 'operators')).toEqual(
    failed('The user ann is not in the role operators.'),
  );
  await run('users', 'join', 'ann', 'operators');
  expect(await run('roles', 'delete', 'operators')).toEqual(done('Deleted the role operators.'));
  expect(await answerOf('users', 'list')).toMatchObject([{ name: 'ann', roles: [] }]);
});

it('users are linked to a subject, which is one at most for each of them', async () => {
  const taken = failed('Another user is linked to the subject 5d4f|bea: unlink that one first.');
  await run('users', 'add', 'bea', '--subject', '5d4f|bea');
  await run('users', 'add', 'cem');
  expect(await run('users', 'add', 'dan', '--subject', '5d4f|bea')).toEqual(taken);
  expect(await run('users', 'add', 'bea', '--subject', '5d4f|bea')).toEqual(
    failed('The user bea exists already.'),
  );
  expect(await run('users', 'link', 'cem', '5d4f|bea')).toEqual(taken);
  expect(await run('users', 'link', 'dan', 'auth0|dan')).toEqual(failed('There is no user dan.'));
  expect(await run('users', 'link', 'cem', 'auth0|cem')).toEqual(done('Linked cem to auth0|cem.'));
  expect(await run('users', 'link', 'cem', 'auth0|cem')).toEqual(
    done('cem was linked to auth0|cem already.'),
  );
  expect(await answerOf('users', 'link', 'cem', '🐙')).toEqual({ name: 'cem', subject: '🐙', linked: true });
  const subjects = { bea: '5d4f|bea', cem: '🐙' };
  for (const [name, subject] of Object.entries(subjects)) {
    expect(await answerOf('users', 'list')).toContainEqual(expect.objectContaining({ name, subject }));
  }

  expect(await run('users', 'unlink', 'bea')).toEqual(done('Unlinked bea.'));
  expect(await run('users', 'unlink', 'bea')).toEqual(failed('The user bea is linked to no subject.'));
  expect(await run('users', 'unlink', 'dan')).toEqual(failed('There is no user dan.'));
  expect(await run('users', 'link', 'cem', '5d4f|bea')).toEqual(done('Linked cem to 5d4f|bea.'));
});

describe('the audit trail', () => {
  it('is listed, the latest first, for people and for programs', async () => {
    await run('users', 'grant', 'ann', 'dtrace', '_', 'get');
    await run('roles', 'delete', 'nothing');
    const { stdout } = await run('audit', 'list', '--limit', '2');
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^TIME +USER +ACTION +OUTCOME +VIA +ADDRESS +REQUEST +SCRIPT +ABOUT$/),
      expect.stringMatching(/^20\S+Z +\S+ +DELETE_ROLE +NOT_FOUND +COMMAND_LINE +nothing$/),
      expect.stringMatching(
        /^20\S+Z +\S+ +GRANT_PERMISSION +SUCCEEDED +COMMAND_LINE +user ann, dtrace->_->get$/,
      ),
      '',
    ]);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const found = await answerOf(
      'audit',
      'list',
      '--action',
      'LEAVE_ROLE',
      '--outcome',
      'SUCCEEDED',
      '--since',
      since,
    );
    expect(found).toMatchObject([{ action: 'LEAVE_ROLE', target: 'user ann, role operators', userId: null }]);
    expect(await answerOf('audit', 'list', '--user', 'nobody', '--since', '7d')).toEqual([]);
  });

  it.each([
    [
      ['--since', 'yesterday'],
      'It must be a time such as 2026-11-23 or 2026-11-23T15:36:00Z, or how long ago',
    ],
    [['--script', '1'], 'It must be a UUID.'],
    [['--limit', '0'], 'It must be a whole number from 1 to 9999999.'],
    [['--action', 'LAUGH'], 'Allowed choices are CREATE_SCRIPT, '],
  ])('is not listed for %j', async (options, message) => {
    const { code, stderr } = await run('audit', 'list', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
