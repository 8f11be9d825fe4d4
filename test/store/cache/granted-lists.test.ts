import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountOperations } from '../../../src/operations/account-operations.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type {
  OrderField,
  ScriptFilter,
  ScriptOrder,
  ScriptPosition,
  Store,
} from '../../../src/store/store.ts';
import { anyEvent } from '../../support/event.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
/** Another store on the same database, as another process has one. */
let other: Store;
let userId: string;
const uuids: string[] = [];
beforeAll(async () => {
  world = await createWorld();
  other = await openStore(world.config);
  await world.accounts.add('user', 'owner');
  userId = (await world.store.accounts.listUsers()).find(({ name }) => name === 'owner')?.id ?? '';
  await Promise.all(Array.from({ length: 150 }, (_, index) => create(world.store, `name ${index % 40}`)));
});
afterAll(async () => {
  await other.close();
  await world.close();
});

async function create(store: Store, name: string): Promise<string> {
  const [uuid, at] = [randomUUID(), new Date()];
  const script = { uuid, name, script: 's', config: {}, metadata: {}, createdAt: at, updatedAt: at };
  await store.scripts.create(
    { ...script, revision: 1 },
    { userId, permission: `dtrace->${uuid}->...` },
    anyEvent(),
  );
  uuids.push(uuid);
  return uuid;
}

const rename = (store: Store, uuid: string, name: string) =>
  store.scripts.update(uuid, { name }, { event: anyEvent() });
const note = (store: Store, uuid: string, n: number) =>
  store.scripts.setMetadata(uuid, [], { n }, { event: anyEvent(), maxBytes: 1000 });

interface Listed {
  readonly uuid: string;
  readonly name: string | undefined;
  readonly revision: number | undefined;
}

/** All pages of a list, one after the other. */
async function listAll(
  visible: ReadonlySet<string>,
  order: ScriptOrder,
  limit: number,
  filter: ScriptFilter = {},
): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let after: ScriptPosition | undefined; ; ) {
    const columns = ['name', 'revision', order.field] as const;
    const page = await world.store.scripts.list({ visible, filter, order, after, limit }, columns);
    const rows = page.map((row) => ({ uuid: row.uuid, name: row.name, revision: row.revision }));
    all.push(...rows);
    const last = page.at(-1);
    if (page.length < limit || last === undefined) return all;
    const value = last[order.field] ?? '';
    after = { value: order.field === 'name' ? value : new Date(value), uuid: last.uuid };
  }
}

describe('a list for many single scripts', () => {
  it('is what the database would find and sort, whatever happens to the scripts and through whichever process', async () => {
    let visible = new Set([...uuids.slice(0, 110), randomUUID(), 'no uuid']);
    const orders = (['name', 'createdAt', 'updatedAt'] satisfies OrderField[]).flatMap((field) =>
      (['asc', 'desc'] as const).map((direction) => ({ field, direction })),
    );
    const names = ['a', 'Z', 'é', '~', '\uff5e', '😀', 'name 1', '\u{10ffff}'];
    const pick = <T>(from: readonly T[]) => from[Math.floor(Math.random() * from.length)] as T;
    const steps = [
      (store: Store) => rename(store, pick(uuids), pick(names)),
      (store: Store) => note(store, pick(uuids), Math.random()),
      (store: Store) => store.scripts.delete(pick(uuids), { event: anyEvent() }),
      (store: Store) => create(store, pick(names)),
      async (store: Store) => {
        const newest = await create(store, 'newest');
        await listAll(visible, pick(orders), 200);
        await store.scripts.delete(newest, { event: anyEvent() });
        await rename(store, pick(uuids), pick(names));
      },
      async () => {
        const rest = [...visible].filter((uuid) => uuid !== pick(uuids));
        visible = new Set([...rest, pick(uuids), pick(uuids)]);
      },
    ];
    for (let round = 0; round < 60; round += 1) {
      await pick(steps)(pick([world.store, other]));
      const order = pick(orders);
      // With a filter, the database is asked for the list itself.
      const expected = await listAll(visible, order, 200, { createdAt: { gte: new Date(0) } });
      expect(await listAll(visible, order, pick([13, 50, 200]))).toEqual(expected);
    }
  });

  it('shows what was acknowledged before, in order, while others write', async () => {
    const alive = await listAll(new Set(uuids), { field: 'createdAt', direction: 'asc' }, 200);
    const [renamed = [], noted = []] = [alive.slice(0, 100), alive.slice(100)];
    const visible = new Set(renamed.map(({ uuid }) => uuid));
    const list = async () => {
      const order = { field: 'name', direction: 'asc' } as const;
      const rows = await world.store.scripts.list({ visible, filter: {}, order, limit: 50 }, ['name']);
      expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).sort());
      return rows[0];
    };
    await list();
    await list();
    let isOver = false;
    const others = [
      (n: number) => note(world.store, noted[n % noted.length]?.uuid ?? '', n),
      (n: number) => rename(other, renamed[50 + ((n * 31) % 50)]?.uuid ?? '', `name ${(n * 7919) % 1000}`),
    ].map(async (write) => {
      for (let n = 0; !isOver; n += 1) await write(n);
    });
    try {
      for (let round = 0; round < 40; round += 1) {
        const uuid = await create(other, 'new');
        const name = `!${999 - round}`;
        await rename(world.store, renamed[round]?.uuid ?? '', name);
        expect(await list()).toMatchObject({ name });
        await other.scripts.delete(uuid, { event: anyEvent() });
      }
    } finally {
      isOver = true;
      await Promise.all(others);
    }
  });

  it('follows grants and revocations from the next request on, also those of another process', async () => {
    const accounts = createAccountOperations(other, () => new Date());
    const alive = await listAll(new Set(uuids), { field: 'name', direction: 'asc' }, 200);
    const [hidden = '', ...others] = alive.map(({ uuid }) => uuid);
    await accounts.grant('user', 'owner', 'cloud->dtrace->list');
    const { token } = await accounts.createToken('owner', null, null);
    const listed = async () => {
      const { data } = await world.ask({ token }, '{ dtraceScripts(first: 200) { uuid } }');
      return new Set(data.dtraceScripts.map(({ uuid }: { uuid: string }) => uuid));
    };

    for (let time = 0; time < 3; time += 1) expect(await listed()).toEqual(new Set([hidden, ...others]));
    for (let time = 0; time < 3; time += 1) {
      await accounts.revoke('user', 'owner', `dtrace->${hidden}->...`);
      expect(await listed()).toEqual(new Set(others));
      await accounts.grant('user', 'owner', `dtrace->${hidden}->...`);
      for (let again = 0; again < 3; again += 1) expect(await listed()).toEqual(new Set([hidden, ...others]));
    }
    await other.scripts.delete(hidden, { event: anyEvent() });
    expect(await listed()).toEqual(new Set(others));
  });
});
