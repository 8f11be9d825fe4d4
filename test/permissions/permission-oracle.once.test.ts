import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePermission } from '../../src/permissions/permission.ts';
import { compilePermissions } from '../../src/permissions/permission-set.ts';
import { matchPermission } from '../support/permission-oracle.ts';
import { grant, matchByDefinition, requirement, UUID } from './vocabulary.ts';

/** A grant, what it covers, and what it does not. The required side is a list of segments, as it is literal. */
const CONTRACT: [string, string[][], string[][]][] = [
  [
    `dtrace->${UUID}->get`,
    [['dtrace', UUID, 'get']],
    [
      ['dtrace', UUID, 'edit'],
      ['dtrace', UUID],
      ['dtrace', UUID.toUpperCase(), 'get'],
    ],
  ],
  [
    'dtrace->_->get',
    [
      ['dtrace', 'x', 'get'],
      ['dtrace', '_', 'get'],
      ['dtrace', '...', 'get'],
    ],
    [
      ['dtrace', 'get'],
      ['dtrace', 'x', 'y', 'get'],
    ],
  ],
  ['_', [['x'], ['_'], ['...']], [[], ['x', 'y']]],
  [
    'dtrace->x->...',
    [
      ['dtrace', 'x', 'get'],
      ['dtrace', 'x', 'a', 'b'],
    ],
    [
      ['dtrace', 'x'],
      ['dtrace', 'y', 'get'],
    ],
  ],
  [
    '...->get',
    [['get'], ['dtrace', 'get'], ['dtrace', 'x', 'get'], ['get', 'get']],
    [[], ['get', 'x'], ['Get']],
  ],
  [
    'dtrace->...->get',
    [
      ['dtrace', 'get'],
      ['dtrace', 'x', 'get'],
      ['dtrace', 'a', 'b', 'get'],
    ],
    [['dtrace'], ['get'], ['dtrace', 'x', 'edit']],
  ],
  [
    '...->x->...',
    [
      ['x', 'y'],
      ['a', 'x', 'y'],
      ['x', 'x'],
    ],
    [['x'], ['a', 'x'], ['a', 'b']],
  ],
  [
    '...->a->...->a',
    [
      ['a', 'a'],
      ['b', 'a', 'b', 'a'],
      ['a', 'a', 'a'],
    ],
    [['a'], ['a', 'b'], ['b', 'a']],
  ],
  ['...->_', [['x'], ['x', 'y']], [[]]],
  [
    '_->...',
    [
      ['x', 'y'],
      ['x', 'y', 'z'],
    ],
    [[], ['x']],
  ],
  ['...', [['x'], ['x', 'y', 'z'], ['...']], [[]]],
  ['...->...', [['x'], ['x', 'y', 'z']], [[]]],
  ['__proto__->constructor', [['__proto__', 'constructor']], [['constructor', '__proto__'], ['toString']]],
  ['É', [['É']], [['E\u0301'], ['é']]],
];

describe.each(CONTRACT)('the grant %s', (text, covered, refused) => {
  const granted = parsePermission(text);
  const set = compilePermissions([text]);

  it.each(covered.map((required) => [required]))('covers %j', (required) => {
    expect([matchPermission(granted, required), set.covers(required)]).toEqual([true, true]);
  });

  it.each(refused.map((required) => [required]))('does not cover %j', (required) => {
    expect([matchPermission(granted, required), set.covers(required)]).toEqual([false, false]);
  });
});

describe('matchPermission', () => {
  it('agrees with the definition', () => {
    let matches = 0;
    fc.assert(
      fc.property(grant, requirement, (granted, required) => {
        const expected = matchByDefinition(granted, required);
        if (expected) matches++;
        expect(matchPermission(granted, required)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
    // Else the property would say little.
    expect(matches).toBeGreaterThan(500);
  });

  it('does not try every way to divide a long permission among many wildcards', () => {
    const granted = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? '...' : 'a'));
    const required = Array.from({ length: 5_000 }, () => 'a');
    expect(matchPermission(granted, required)).toBe(true);
    expect(matchPermission([...granted, 'b'], required)).toBe(false);
  });
});
