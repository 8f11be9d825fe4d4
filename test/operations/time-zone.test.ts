import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { provider } from '../support/database.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it.runIf(provider === 'postgresql')('times are the same whatever zone the database prefers', async () => {
  const { url } = world.database;
  const before = Date.now();
  const uuid = await world.addScript('here');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`);
  const options = encodeURIComponent('-c statement_timeout=9s');
  const store = await openStore({ ...world.config, databaseUrl: `${url}?options=${options}` });
  try {
    const [script] = await store.scripts.findMany([uuid], ['createdAt']);
    expect(Date.parse(script?.createdAt ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(script?.createdAt ?? '')).toBeLessThanOrEqual(Date.now());

    const issued = await world.accounts.createToken('admin', null, new Date(before + 60_000));
    const { rows } = await client.query('SELECT expires_at AS at FROM tokens WHERE id = $1', [issued.id]);
    expect(rows[0].at.getTime()).toBe(before + 60_000);
  } finally {
    await store.close();
    await client.end();
  }
});
