import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonText, stringify } from '../../src/json/json-text.ts';

it('JSON that holds JSON as text is the same as if it had been parsed', () => {
  const leaf = fc.oneof(
    fc.jsonValue(),
    fc.jsonValue().map((value) => new JsonText(JSON.stringify(value, null, 1))),
  );
  const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), fc.array(leaf)));
  fc.assert(
    fc.property(value, (value) => {
      expect(JSON.parse(stringify({ value }))).toEqual(JSON.parse(JSON.stringify({ value })));
    }),
  );
});

it('the text stands as it is, whatever its keys and numbers', () => {
  const text = '{"__proto__": {"a": 1.0}, "a": 12345678901234567890}';
  expect(stringify({ config: new JsonText(text), name: '"n"' })).toBe(`{"config":${text},"name":"\\"n\\""}`);
});
