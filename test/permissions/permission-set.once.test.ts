import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPermission } from '../../src/permissions/permission.ts';
import {
  anySegment,
  compilePermissions,
  type PermissionSet,
  type Segment,
  type Selection,
} from '../../src/permissions/permission-set.ts';
import { FRESH, grants, LITERALS, matchByDefinition, OTHER_UUID, requirement, UUID } from './vocabulary.ts';

const NUM_RUNS = 2_000;

describe('granted', () => {
  it('is every grant as text, sorted, each once', () => {
    const set = compilePermissions(['b', 'a -> x', ['a', 'x'], '...', 'B']);
    expect(set.granted).toEqual(['...', 'B', 'a->x', 'b']);
  });

  it('is empty for nobody, who may do nothing', () => {
    const set = compilePermissions([]);
    expect(set.granted).toEqual([]);
    expect(set.covers(['x'])).toBe(false);
    expect(set.covers([])).toBe(false);
    expect(set.select([anySegment])).toEqual(new Set());
  });
});

describe('covers', () => {
  it('is whether one of the grants matches', () => {
    let matches = 0;
    fc.assert(
      fc.property(grants, requirement, (granted, required) => {
        const expected = granted.some((one) => matchByDefinition(one, required));
        if (expected) matches++;
        expect(compilePermissions(granted).covers(required)).toBe(expected);
      }),
      { numRuns: NUM_RUNS },
    );
    expect(matches).toBeGreaterThan(NUM_RUNS / 10);
  });
});

describe('select', () => {
  it.each([
    [['dtrace->_->get'], 'all'],
    [['...'], 'all'],
    [['...->get'], 'all'],
    [['dtrace->...->get'], 'all'],
    [['dtrace->...'], 'all'],
    [['dtrace->_->...'], 'all'],
    [['...->_->get'], 'all'],
    [
      [`dtrace->${UUID}->get`, `dtrace->${OTHER_UUID}->...`, 'dtrace->x->edit'],
      [UUID, OTHER_UUID],
    ],
    [['...->x->...'], ['x']],
    [['...->dtrace->...->get', 'x->...'], 'all'],
    [['...->dtrace->dtrace->...'], ['dtrace']],
    [['...->get->get'], ['get']],
    [['_->_->_->...'], []],
    [
      ['dtrace->a->...->get', '...->b->_', 'dtrace->c'],
      ['a', 'b'],
    ],
    [['cloud->dtrace->list'], []],
    [
      ['dtrace->__proto__->get', 'dtrace->constructor->get'],
      ['__proto__', 'constructor'],
    ],
  ])('by dtrace->anySegment->get among %j answers %j', (granted, expected) => {
    const answer = compilePermissions(granted).select(['dtrace', anySegment, 'get']);
    expect(answer).toEqual(expected === 'all' ? 'all' : new Set(expected));
  });

  it.each<[Segment[], string[], string[]]>([
    [[anySegment], [], ['x', 'dtrace']],
    [['dtrace', anySegment], [], ['a']],
    [[anySegment, 'get'], [], []],
    [[anySegment, 'a'], ['dtrace->a->b'], ['dtrace']],
  ])('takes the hole anywhere: %j', (query, more, expected) => {
    const set = compilePermissions(['x', 'dtrace', 'dtrace->a', ...more]);
    expect(set.select(query)).toEqual(new Set(expected));
  });

  it('holds exactly the values that are covered, or says that all are', () => {
    const outcomes = { all: 0, some: 0, none: 0 };
    const holes = fc
      .tuple(requirement, requirement)
      .map(([before, after]) => [before.slice(0, 2), after.slice(0, 2)]);
    fc.assert(
      fc.property(grants, grants, holes, (granted, added, [before = [], after = []]) => {
        const set = compilePermissions(granted).extend(added.map(formatPermission));
        const answer = set.select([...before, anySegment, ...after]);
        for (const value of [...LITERALS, ...FRESH, '_', '...']) {
          expect(answer === 'all' || answer.has(value)).toBe(set.covers([...before, value, ...after]));
        }
        outcomes[answer === 'all' ? 'all' : answer.size > 0 ? 'some' : 'none']++;
      }),
      { numRuns: NUM_RUNS },
    );
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(NUM_RUNS / 50);
  });

  it('remembers its answer', () => {
    const set = compilePermissions(['a->x->b']);
    expect(set.select(['a', anySegment, 'b'])).toBe(set.select(['a', anySegment, 'b']));
  });

  it('does not mistake one query for another', () => {
    const set = compilePermissions(['a->b->x', 'null->y']);
    expect(set.select(['a', 'b', anySegment])).toEqual(new Set(['x']));
    expect(set.select(['a->b', anySegment])).toEqual(new Set());
    expect(set.select(['null', anySegment])).toEqual(new Set(['y']));
    expect(set.select([anySegment, 'null'])).toEqual(new Set());
  });

  it('stays right after more queries than it remembers', () => {
    const set = compilePermissions(['a->x']);
    for (let i = 0; i < 1_000; i++) expect(set.select([`${i}`, anySegment])).toEqual(new Set());
    expect(set.select(['a', anySegment])).toEqual(new Set(['x']));
  });
});

/** A selection in a form that does not depend on how it came about. */
const valuesOf = (selection: Selection) => (selection === 'all' ? 'all' : [...selection].sort());

describe('extend', () => {
  it('covers what either covers and leaves the first set as it was', () => {
    const base = compilePermissions(['dtrace->a->get', 'b']);
    const both = base.extend(['dtrace -> c -> get', 'b']);
    expect(both.granted).toEqual(['b', 'dtrace->a->get', 'dtrace->c->get']);
    expect(both.select(['dtrace', anySegment, 'get'])).toEqual(new Set(['a', 'c']));
    expect(base.granted).toEqual(['b', 'dtrace->a->get']);
    expect(base.select(['dtrace', anySegment, 'get'])).toEqual(new Set(['a']));
    expect(base.covers(['dtrace', 'c', 'get'])).toBe(false);
  });

  it('equals compiling the union, once or twice over', () => {
    fc.assert(
      fc.property(grants, grants, grants, requirement, (first, second, third, required) => {
        const union = compilePermissions([...first, ...second, ...third]);
        const extended = compilePermissions(first)
          .extend(second.map(formatPermission))
          .extend(third.map(formatPermission));
        expect(extended.granted).toEqual(union.granted);
        expect(extended.covers(required)).toBe(union.covers(required));
        for (const hole of required.keys()) {
          const query: Segment[] = [...required.slice(0, hole), anySegment, ...required.slice(hole + 1)];
          expect(valuesOf(extended.select(query))).toEqual(valuesOf(union.select(query)));
        }
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it('is the set itself when it holds all that is added', () => {
    const set = compilePermissions(['dtrace->a->get', '_->...->x']);
    expect(set.extend(['dtrace -> a -> get'])).toBe(set);
    expect(set.extend([])).toBe(set);
    const spelledOtherwise = set.extend(['...->_->x']);
    expect(spelledOtherwise.granted).toEqual(['...->_->x', '_->...->x', 'dtrace->a->get']);
  });

  it('selects the same set of values as long as nothing is added to it', () => {
    const query: Segment[] = ['dtrace', anySegment, 'get'];
    const set = compilePermissions(['dtrace->a->get']);
    const before = set.select(query);
    expect(set.extend(['dtrace->a->edit', 'dtrace->a->...', 'dtrace->b->edit']).select(query)).toBe(before);
    expect(set.extend(['dtrace->b->get']).select(query)).not.toBe(before);
  });

  it('adds hundreds of grants one by one, and changes none of the sets before', () => {
    const query: Segment[] = ['dtrace', anySegment, 'get'];
    const names = Array.from({ length: 300 }, (_, index) => `script ${index}`);
    const sets: PermissionSet[] = [
      compilePermissions(names.slice(0, 10).map((name) => `dtrace->${name}->get`)),
    ];
    for (const name of names.slice(10)) {
      const last = sets.at(-1) as PermissionSet;
      // Some answers are remembered when a grant is added, and others are found later.
      if (sets.length % 3 > 0) last.select(query);
      sets.push(last.extend([`dtrace->${name}->...`]));
    }
    for (const [index, set] of sets.entries()) {
      const [held, others] = [names.slice(0, index + 10), names.slice(index + 10)];
      const selection = set.select(query) as ReadonlySet<string>;
      expect(selection.size).toBe(held.length);
      expect(held.every((name) => selection.has(name) && set.covers(['dtrace', name, 'get']))).toBe(true);
      expect(others.some((name) => selection.has(name) || set.covers(['dtrace', name, 'get']))).toBe(false);
      expect([...selection]).toEqual([...selection.keys()]);
      expect(valuesOf(selection)).toEqual([...held].sort());
    }
  });

  it('covers in every set of a family exactly what its own grants match, whichever was extended when', () => {
    const queries: Segment[][] = [
      ['dtrace', anySegment, 'get'],
      [anySegment, 'get'],
      ['dtrace', anySegment],
    ];
    const step = fc.record({ from: fc.nat(), added: grants, asked: fc.nat(queries.length) });
    const steps = fc.array(step, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(grants, steps, fc.array(requirement, { maxLength: 8 }), (first, taken, required) => {
        const family = [{ set: compilePermissions(first), granted: first }];
        for (const { from, added, asked } of taken) {
          const { set, granted } = family[from % family.length] as (typeof family)[number];
          const query = queries[asked];
          if (query) set.select(query);
          family.push({ set: set.extend(added.map(formatPermission)), granted: [...granted, ...added] });
        }
        for (const { set, granted } of family) {
          const covers = (permission: readonly string[]) =>
            granted.some((one) => matchByDefinition(one, permission));
          for (const permission of required) expect(set.covers(permission)).toBe(covers(permission));
          for (const query of queries) {
            const selection = set.select(query);
            for (const value of [...LITERALS, 'fresh', '_', '...']) {
              const permission = query.map((segment) => (segment === anySegment ? value : segment));
              expect(selection === 'all' || selection.has(value)).toBe(covers(permission as string[]));
            }
          }
          expect(set.granted).toEqual([...new Set(granted.map(formatPermission))].sort());
          expect(set.bytes).toBe(compilePermissions(set.granted).bytes);
        }
      }),
      { numRuns: NUM_RUNS / 4 },
    );
  });
});
