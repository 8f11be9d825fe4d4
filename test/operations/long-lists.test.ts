import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  MetadataCondition,
  OrderField,
  ScriptFilter,
  ScriptPosition,
  Visibility,
} from '../../src/store/store.ts';
import { anyEvent } from '../support/event.ts';
import { createWorld, type World } from '../support/world.ts';

interface Known {
  readonly uuid: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

let world: World;
let scripts: Known[];
let singles: ReadonlySet<string>[];
const names = ['a', 'Z', 'é', '~', '\uff5e', '😀', 'name 1', 'name 10', 'name 2', '\u{10ffff}'];
const start = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  world = await createWorld({ READ_CACHE_BYTES: '0' });
  const userId = (await world.store.accounts.listUsers())[0]?.id ?? '';
  scripts = Array.from({ length: 420 }, (_, index) => ({
    uuid: randomUUID(),
    name: names[(index * 7) % names.length] ?? '',
    metadata: { n: index % 3, ...(index % 4 === 0 ? { on: index % 8 === 0 } : {}) },
    createdAt: new Date(start + (index % 90) * 1000),
    updatedAt: new Date(start + ((index * 37) % 50) * 1000),
  }));
  await Promise.all(
    scripts.map((script) =>
      world.store.scripts.create(
        { ...script, script: 's', config: {}, revision: 1 },
        { userId, permission: `dtrace->${script.uuid}->get` },
        anyEvent(),
      ),
    ),
  );
  const uuids = scripts.map(({ uuid }) => uuid);
  singles = [new Set(uuids.slice(0, 5)), new Set([...uuids.slice(100, 400), randomUUID(), 'no uuid'])];
});
afterAll(() => world.close());

const time = fc.integer({ min: -5, max: 95 }).map((seconds) => new Date(start + seconds * 1000));
/** Mostly none, and mostly wide: a filter that fits nothing tells little. */
const range = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.oneof(
      time.map((gte) => ({ gte })),
      time.map((lt) => ({ lt })),
    ),
  },
  { weight: 1, arbitrary: fc.record({ gt: time, gte: time, lt: time, lte: time }, { requiredKeys: [] }) },
);
const condition = fc.constantFrom<MetadataCondition>(
  { path: ['n'], equals: 1 },
  { path: ['on'], isSet: true },
  { path: ['on'], isSet: false },
  { path: ['on'], equals: false },
  { path: ['absent'], isSet: false },
);
const filters: fc.Arbitrary<ScriptFilter> = fc.record({
  name: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.constantFrom('name', 'a', '1', '').map((contains) => ({ contains })) },
    { weight: 1, arbitrary: fc.constantFrom(...names).map((equals) => ({ equals })) },
  ),
  metadata: fc.array(condition, { maxLength: 1 }),
  createdAt: range,
  updatedAt: range,
});

function isWithin(at: Date, { gt, gte, lt, lte }: NonNullable<ScriptFilter['createdAt']> = {}): boolean {
  return !(gt && at <= gt) && !(gte && at < gte) && !(lt && at >= lt) && !(lte && at > lte);
}

function matches(script: Known, { name, metadata = [], createdAt, updatedAt }: ScriptFilter): boolean {
  return (
    (name?.equals === undefined || script.name === name.equals) &&
    (name?.contains === undefined || script.name.includes(name.contains)) &&
    metadata.every(({ path: [key = ''], isSet, ...rest }) => {
      const value = script.metadata[key];
      return (
        (isSet === undefined || isSet === (value !== undefined)) &&
        (!('equals' in rest) || rest.equals === value)
      );
    }) &&
    isWithin(script.createdAt, createdAt) &&
    isWithin(script.updatedAt, updatedAt)
  );
}

function compare(field: OrderField, one: Known, other: Known): number {
  const [a, b] = [one[field], other[field]];
  const byValue =
    typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : Number(a) - Number(b);
  return byValue || Buffer.compare(Buffer.from(one.uuid), Buffer.from(other.uuid));
}

it('whatever is filtered, ordered and shown, the pages of a list are those of all scripts', async () => {
  await fc.assert(
    fc.asyncProperty(
      filters,
      fc.constantFrom<OrderField>('name', 'createdAt', 'updatedAt'),
      fc.constantFrom('asc' as const, 'desc' as const),
      fc.integer({ min: 0, max: 2 }),
      fc.constantFrom(20, 70, 500),
      fc.boolean(),
      async (filter, field, direction, who, limit, isLarge) => {
        const visible: Visibility = singles[who] ?? 'all';
        const expected = scripts
          .filter(({ uuid }) => visible === 'all' || visible.has(uuid))
          .filter((script) => matches(script, filter))
          .sort((one, other) => compare(field, one, other) * (direction === 'asc' ? 1 : -1));
        expect(await world.store.scripts.count({ visible, filter })).toBe(expected.length);

        const columns = isLarge
          ? (['name', field, 'script', 'metadata'] as const)
          : (['name', field] as const);
        let after: ScriptPosition | undefined;
        // The first pages, and one from the middle on.
        for (let shown = 0; shown < Math.min(expected.length + 1, 3 * limit); shown += limit) {
          const page = { visible, filter, order: { field, direction }, limit, after };
          const rows = await world.store.scripts.list(page, columns);
          expect(rows.map(({ uuid }) => uuid)).toEqual(
            expected.slice(shown, shown + limit).map(({ uuid }) => uuid),
          );
          const last = expected[shown + limit - 1];
          if (last) after = { value: last[field], uuid: last.uuid };
        }
      },
    ),
    { numRuns: 150 },
  );
});
