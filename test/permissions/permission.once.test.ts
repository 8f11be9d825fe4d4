import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPermission,
  formatPermission,
  PermissionSyntaxError,
  parsePermission,
  scriptUuidOf,
} from '../../src/permissions/permission.ts';
import { grant, OTHER_UUID, UUID } from './vocabulary.ts';

describe('parsePermission', () => {
  it.each([
    ['dtrace->_->get', ['dtrace', '_', 'get']],
    ['cloud -> dtrace -> list', ['cloud', 'dtrace', 'list']],
    ['  ...  ', ['...']],
    ['two words -> get', ['two words', 'get']],
    ['a-b->>->-', ['a-b', '>', '-']],
    ['a-->b', ['a-', 'b']],
    ['__proto__->constructor', ['__proto__', 'constructor']],
    ['👩‍🚀->É', ['👩‍🚀', 'É']],
  ])('reads %j', (text, segments) => {
    expect(parsePermission(text)).toEqual(segments);
  });

  it('takes as many segments and characters as it promises, an emoji being one character', () => {
    const segments = Array.from({ length: 16 }, () => '🦊'.repeat(256));
    expect(parsePermission(segments.join('->'))).toEqual(segments);
  });

  it('is undone by formatPermission', () => {
    fc.assert(
      fc.property(grant, (segments) => {
        expect(parsePermission(formatPermission(segments))).toEqual(segments);
      }),
    );
  });

  it('is undone by formatPermission whatever text it accepts', () => {
    const unit = fc.constantFrom('-', '>', '->', ' ', '\t', 'a', '_', '.', '🦊', '\ud83d', '\u00a0');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        const segments = parsedOrNull(text);
        fc.pre(segments !== null);
        expect(checkPermission(segments)).toBe(segments);
        expect(parsePermission(formatPermission(segments))).toEqual(segments);
      }),
    );
  });
});

describe('formatPermission', () => {
  it('joins segments with arrows', () => {
    expect(formatPermission(['dtrace', UUID, '...'])).toBe(`dtrace->${UUID}->...`);
  });
});

describe('scriptUuidOf', () => {
  it.each([
    [`dtrace->${UUID}->get`, UUID],
    [`${UUID}`, UUID],
    [`a->${OTHER_UUID}->${UUID}`, OTHER_UUID],
    [`dtrace->${UUID.toUpperCase()}->get`, null],
    [`dtrace->{${UUID}}->get`, null],
    [`dtrace->${UUID.replaceAll('-', '')}->get`, null],
    ['dtrace->_->get', null],
  ])('of %s is %s', (text, uuid) => {
    expect(scriptUuidOf(parsePermission(text))).toBe(uuid);
  });
});

function parsedOrNull(text: string) {
  try {
    return parsePermission(text);
  } catch (error) {
    if (error instanceof PermissionSyntaxError) return null;
    throw error;
  }
}
