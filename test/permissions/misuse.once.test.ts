import { describe, expect, it } from 'vitest';
import { checkPermission, PermissionSyntaxError, parsePermission } from '../../src/permissions/permission.ts';
import { anySegment, compilePermissions, type Segment } from '../../src/permissions/permission-set.ts';

describe('parsePermission refuses', () => {
  it.each([
    ['', '"": it is empty; write segments joined by "->", as in dtrace->_->get'],
    ['   ', '"   ": it is empty; write segments joined by "->", as in dtrace->_->get'],
    ['->', '"->": segment 1 is empty; put a name, _ or ... there'],
    ['dtrace->->get', '"dtrace->->get": segment 2 is empty; put a name, _ or ... there'],
    ['dtrace->get-> ', '"dtrace->get-> ": segment 3 is empty; put a name, _ or ... there'],
    ['dtrace->a\tb', '"dtrace->a\\tb": it holds the control character U+0009; remove it'],
    ['dtrace->get\n', '"dtrace->get\\n": it holds the control character U+000A; remove it'],
    ['a\0', '"a\\u0000": it holds the control character U+0000; remove it'],
    ['a\u009b31m', '"a\\u009b31m": it holds the control character U+009B; remove it'],
    ['a\ud83d->b', '"a\\ud83d->b": it holds the lone surrogate U+D83D; remove it'],
    [
      Array(17).fill('a').join('->'),
      `"${Array(17).fill('a').join('->')}": it has 17 segments; shorten it to at most 16`,
    ],
    [
      `a->${'b'.repeat(257)}`,
      `"a->${'b'.repeat(77)}" (cut): segment 2 has 257 characters; shorten it to at most 256`,
    ],
    ['🦊'.repeat(257), `"${'🦊'.repeat(80)}" (cut): segment 1 has 257 characters; shorten it to at most 256`],
  ])('%j', (text, message) => {
    expect(() => parsePermission(text)).toThrow(
      expect.objectContaining({ message: `Malformed permission ${message}` }),
    );
  });

  it('with an error that has its name and the reason alone', () => {
    const error = new PermissionSyntaxError('a->', 'segment 2 is empty');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PermissionSyntaxError', reason: 'segment 2 is empty' });
    expect(String(error)).toBe('PermissionSyntaxError: Malformed permission "a->": segment 2 is empty');
  });

  it('an immense text without ado', () => {
    expect(() => parsePermission(`${' '.repeat(5_000_000)}->`)).toThrow(PermissionSyntaxError);
    expect(() => parsePermission('->'.repeat(1_000_000))).toThrow('it has 1000001 segments');
  });
});

describe('checkPermission refuses', () => {
  it.each([
    [[], 'Malformed permission "": it has no segment; give at least one'],
    [['a', ''], 'Malformed permission "a->": segment 2 is empty; put a name, _ or ... there'],
    [['a', ' b'], 'Malformed permission "a-> b": segment 2 begins or ends with white space; remove it'],
    [['a->b'], 'Malformed permission "a->b": segment 1 holds "->"; give its parts as segments of their own'],
  ])('%j', (segments, message) => {
    expect(() => checkPermission(segments)).toThrow(expect.objectContaining({ message }));
  });
});

describe('compilePermissions refuses', () => {
  it('a malformed grant, as text or as segments, at once or later', () => {
    expect(() => compilePermissions(['a->b', 'a->'])).toThrow(PermissionSyntaxError);
    expect(() => compilePermissions([[]])).toThrow(PermissionSyntaxError);
    expect(() => compilePermissions(['a']).extend(['->a'])).toThrow(PermissionSyntaxError);
    expect(() => compilePermissions(['a']).extend(['b']).extend(['->a'])).toThrow(PermissionSyntaxError);
  });

  it('one text, which would pass for a list of its characters', () => {
    const message = 'Expected a list of grants, got the text "..."; put it in [ ]';
    expect(() => compilePermissions('...')).toThrow(new TypeError(message));
    expect(() => compilePermissions([]).extend('...')).toThrow(new TypeError(message));
    expect(() => compilePermissions([]).extend([]).extend('...')).toThrow(new TypeError(message));
  });
});

describe('select refuses', () => {
  it.each<[Segment[], number]>([
    [['dtrace', 'get'], 0],
    [[], 0],
    [['dtrace', anySegment, anySegment], 2],
    [[anySegment, anySegment, anySegment], 3],
  ])('%j', (query, holes) => {
    const message = `Expected exactly one anySegment among the segments to select by, got ${holes}`;
    expect(() => compilePermissions(['...']).select(query)).toThrow(new TypeError(message));
    expect(() => compilePermissions(['...']).extend(['a']).select(query)).toThrow(new TypeError(message));
  });
});
