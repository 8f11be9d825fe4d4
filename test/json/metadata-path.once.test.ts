import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/json/json-object.ts';
import { findObstacle, formatMetadataPath, valueAt } from '../../src/json/metadata-path.ts';

const document: JsonObject = JSON.parse(`{
  "a": { "b": { "c": 1 }, "n": null, "": 0 },
  "list": [1, { "x": 2 }],
  "text": "abc",
  "0": "zero",
  "__proto__": { "polluted": true }
}`);

it.each([
  [[], document],
  [['a', 'b', 'c'], 1],
  [['a', ''], 0],
  [['a', 'n'], null],
  [['0'], 'zero'],
  [['__proto__', 'polluted'], true],
  [['absent'], undefined],
  [['a', 'absent', 'further'], undefined],
  [['a', 'n', 'below null'], undefined],
  [['list', '0'], undefined],
  [['list', 'length'], undefined],
  [['text', '0'], undefined],
  [['text', 'length'], undefined],
  [['constructor'], undefined],
  [['toString', 'name'], undefined],
  [['a', '__proto__'], undefined],
])('valueAt %j', (path, value) => {
  expect(valueAt(document, path)).toBe(value);
});

it.each([
  [['a'], undefined],
  [['text'], undefined],
  [['a', 'b', 'c'], undefined],
  [['new', 'way', 'in'], undefined],
  [['a', 'constructor', 'x'], undefined],
  [
    ['a', 'b', 'c', 'd', 'e'],
    ['a', 'b', 'c'],
  ],
  [
    ['a', 'n', 'x'],
    ['a', 'n'],
  ],
  [['text', 'x', 'y'], ['text']],
  [['list', '0'], ['list']],
  [['list', '1', 'x'], ['list']],
])('findObstacle on the way to %j', (path, obstacle) => {
  expect(findObstacle(document, path)).toEqual(obstacle);
});

it.each([
  [['jingles', 'notes'], 'jingles.notes'],
  [['a-b_c', '0', 'Ü'], 'a-b_c.0."Ü"'],
  [['a.b', ''], '"a.b".""'],
  [['say "hi"', 'back\\slash', 'line\nbreak'], '"say \\"hi\\""."back\\\\slash"."line\\nbreak"'],
  [[], ''],
])('formatMetadataPath of %j', (path, text) => {
  expect(formatMetadataPath(path)).toBe(text);
});

describe('isJsonObject', () => {
  it.each([[{}], [{ a: 1 }], [Object.create(null)]])('holds for %j', (value) => {
    expect(isJsonObject(value)).toBe(true);
  });

  it.each([[null], [[]], ['text'], [1], [undefined]])('does not hold for %j', (value) => {
    expect(isJsonObject(value)).toBe(false);
  });
});
