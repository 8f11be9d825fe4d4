import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRefusalFinder, findRefusal } from '../../src/permissions/find-refusal.ts';
import { compilePermissions } from '../../src/permissions/permission-set.ts';
import { FRESH, grants, LITERALS } from './vocabulary.ts';

const value = fc.constantFrom(...LITERALS, ...FRESH, '_', '...');
const template = fc.array(fc.oneof(fc.constantFrom('dtrace', 'get', '$a', '$b'), value), {
  minLength: 1,
  maxLength: 5,
});

it('a check of many values comes to the same as a check of each', () => {
  let refused = 0;
  let passed = 0;
  const requirements = fc.array(template, { minLength: 1, maxLength: 3 });
  const values = fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(grants, requirements, values, (granted, required, all) => {
      const viewer = { permissions: compilePermissions(granted) };
      const find = createRefusalFinder(viewer, required);
      for (const one of all) {
        const expected = findRefusal(viewer, required, one);
        expect(find(one)).toEqual(expected);
        if (expected === undefined) passed += 1;
        else refused += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(refused, passed)).toBeGreaterThan(500);
});

it.each([[[]], [[['dtrace', '$a', 'get']]], [[['cloud']]]])(
  'nobody passes without a token, whatever is required: %j',
  (required) => {
    expect(createRefusalFinder(null, required)({ a: 'x' })).toMatchObject({ code: 'UNAUTHENTICATED' });
  },
);
