import { describe, expect, it } from 'vitest';
import { byteLength, findJsonFault, findTextFault } from '../../src/json/json-value.ts';

const tooLarge = 'a number is too large: JSON holds up to about 1.8e308.';
const tooDeep = 'it is nested too deeply.';
const holdsNull = 'it holds the character U+0000, which databases cannot store.';
const holdsHalf = 'it holds half of a surrogate pair, which is not valid Unicode.';

describe('findJsonFault', () => {
  it.each([
    [null, 0],
    ['', 0],
    ['🦊\n\t\u0001\u007f\u2028', 0],
    [-0, 0],
    [Number.MAX_VALUE, 0],
    [5e-324, 0],
    [false, 0],
    [{}, 1],
    [[], 1],
    [[1, 'a', null, true], 1],
    [{ a: { b: [] } }, 3],
    [JSON.parse('{"__proto__": {"a": 1}, "": 0}'), 2],
    [Object.assign(Object.create(null), { a: 1 }), 1],
  ])('finds none in %j', (value, depth) => {
    expect(findJsonFault(value, depth)).toBeUndefined();
  });

  it.each([
    [Number.POSITIVE_INFINITY, 9, tooLarge],
    [{ a: [Number.NEGATIVE_INFINITY] }, 9, tooLarge],
    [[Number.NaN], 9, tooLarge],
    ['a\u0000', 9, holdsNull],
    [{ 'a\u0000': 1 }, 9, holdsNull],
    [['\ud83d'], 9, holdsHalf],
    [{ a: { '\udd8a': 1 } }, 9, holdsHalf],
    [{}, 0, tooDeep],
    [[[]], 1, tooDeep],
    [{ a: { b: { c: 1 } } }, 2, tooDeep],
    [JSON.parse('{"__proto__": {"a": 1}}'), 1, tooDeep],
    ['scalar', -1, tooDeep],
    [null, -1, tooDeep],
    [undefined, 9, 'it holds a undefined, which is not JSON.'],
    [[undefined], 9, 'it holds a undefined, which is not JSON.'],
    [{ a: 1n }, 9, 'it holds a bigint, which is not JSON.'],
    [() => 1, 9, 'it holds a function, which is not JSON.'],
  ])('finds what cannot be stored: case %#', (value, depth, fault) => {
    expect(findJsonFault(value, depth)).toBe(fault);
  });

  it('does not run out of stack on what is far too deep', () => {
    const depth = 100_000;
    expect(findJsonFault(JSON.parse('['.repeat(depth) + ']'.repeat(depth)), 32)).toBe(tooDeep);
  });
});

it.each([
  ['', undefined],
  ['\u0001 \ufffd \uffff 🦊', undefined],
  ['\u0000', holdsNull],
  ['\udd8a\ud83e', holdsHalf],
  ['ends in \ud83e', holdsHalf],
])('findTextFault of %j', (text, fault) => {
  expect(findTextFault(text)).toBe(fault);
});

it.each([
  ['', 0],
  ['a', 1],
  ['é', 2],
  ['€', 3],
  ['🦊', 4],
])('byteLength of %j is %i', (text, bytes) => {
  expect(byteLength(text)).toBe(bytes);
});
