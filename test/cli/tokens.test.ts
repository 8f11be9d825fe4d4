import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let run: (...words: string[]) => ReturnType<ReturnType<typeof openSession>>;
beforeAll(async () => {
  world = await createWorld();
  const session = openSession({ DATABASE_URL: world.database.url });
  run = (...words) => session('tokens', ...words);
});
afterAll(() => world.close());

const failed = (stderr: string) => ({ code: 1, stdout: '', stderr: `${stderr}\n` });
const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;

/** Who a token is, or the status of the refusal. */
async function whoIs(token: string): Promise<unknown> {
  const answer = await world.ask({ token }, '{ viewer { name } }');
  return answer.status === 200 ? answer.data.viewer.name : answer.status;
}

describe('tokens create', () => {
  it('prints the token alone on standard output, so that a shell can keep it', async () => {
    const { code, stdout, stderr } = await run('create', 'reader');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^dtg_[\w-]{43}\n$/);
    expect(stderr).toMatch(
      new RegExp(
        `^Created the token ${uuid.source} of reader. It works until it is revoked; it is not shown again.\n$`,
      ),
    );
    expect(await whoIs(stdout.trim())).toBe('reader');
  });

  it('answers programs with its id, and when it expires', async () => {
    const before = Date.now();
    const answer = await run('create', 'reader', '--json', '--label', '-my laptop 💻', '--expires', '90m');
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    const { expiresAt, ...token } = JSON.parse(answer.stdout);
    expect(token).toEqual({
      id: expect.stringMatching(uuid),
      token: expect.stringMatching(/^dtg_/),
      user: 'reader',
      label: '-my laptop 💻',
    });
    const lifeMs = Date.parse(expiresAt) - before;
    expect(lifeMs).toBeGreaterThanOrEqual(90 * 60_000);
    expect(lifeMs).toBeLessThan(91 * 60_000);
    expect(await whoIs(token.token)).toBe('reader');
  });

  it('refuses a user who is not there', async () => {
    expect(await run('create', 'nobody')).toEqual(failed('There is no user nobody.'));
  });
});

describe('tokens revoke', () => {
  it('makes a token stop working at once, and does so once', async () => {
    const { id, token } = await world.accounts.createToken('editor', null, null);
    expect(await whoIs(token)).toBe('editor');
    expect(await run('revoke', id)).toEqual({
      code: 0,
      stdout: `Revoked the token ${id}.\n`,
      stderr: '',
    });
    expect(await whoIs(token)).toBe(401);
    for (const unknown of [id, randomUUID(), 'nonsense']) {
      expect(await run('revoke', unknown)).toEqual(
        failed(`There is no token ${unknown} that could be revoked.`),
      );
    }
  });
});

describe('tokens list', () => {
  it('tells which tokens work, and never the tokens', async () => {
    await world.addUser('collector');
    const past = new Date(Date.now() - 1);
    const expired = await world.accounts.createToken('collector', 'night job', past);
    const revoked = await world.accounts.createToken('collector', null, null);
    await world.accounts.revokeToken(revoked.id);
    expect(await whoIs(expired.token)).toBe(401);

    const table = await run('list', 'collector');
    const json = await run('list', 'collector', '--json');
    const all = await run('list', '--json');
    const lines = table.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +USER +LABEL +CREATED +EXPIRES +STATE$/);
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ['collector', expect.stringMatching(/Z$/), 'never', 'works'],
      ['collector', 'night job', expect.stringMatching(/Z$/), past.toISOString(), 'expired'],
      ['collector', expect.stringMatching(/Z$/), 'never', expect.stringMatching(/^revoked .*Z$/)],
    ]);
    const fields = { user: 'collector', createdAt: expect.any(String), id: expect.stringMatching(uuid) };
    expect(JSON.parse(json.stdout)).toEqual([
      { ...fields, label: null, expiresAt: null, revokedAt: null },
      { ...fields, label: 'night job', expiresAt: past.toISOString(), revokedAt: null },
      { ...fields, label: null, expiresAt: null, revokedAt: expect.stringMatching(/Z$/) },
    ]);
    expect(JSON.parse(all.stdout).length).toBeGreaterThan(3);
    expect(table.stdout + json.stdout + all.stdout).not.toContain('dtg_');
    expect(await run('list', 'nobody')).toEqual(failed('There is no user nobody.'));
  });
});
