import { expect, it } from 'vitest';
import { readClaimedPermissions } from '../../../src/identity/claimed-permissions.ts';

const claims = JSON.parse(`{
  "scope": "openid cloud->dtrace->list  dtrace->_->get",
  "realm_access": { "roles": ["dtrace->_->get", "offline access"] },
  "https://example.com/permissions": ["..."],
  "a.b": ["literal"], "a": { "b": ["nested"] },
  "count": 3, "none": null, "mixed": ["get", 1, null, ["edit"], {"a": "b"}, "x->", "a\\u0000b", " "],
  "many": ${JSON.stringify(Array(1_000).fill('get'))}, "too many": ${JSON.stringify(Array(1_001).fill('get'))}
}`);

it.each([
  ['scope', ['openid', 'cloud->dtrace->list', 'dtrace->_->get']],
  ['realm_access.roles', ['dtrace->_->get', 'offline access']],
  ['https://example.com/permissions', ['...']],
  ['a.b', ['literal']],
  ['mixed', ['get']],
  ['many', Array(1_000).fill('get')],
  ['too many', null],
  ...[
    'count',
    'none',
    'absent',
    'realm_access',
    'scope.length',
    'none.a',

    '__proto__',
    'a.constructor.name',
  ].map((name): [string, string[]] => [name, []]),
])('the claim %s', (name, permissions) => {
  expect(readClaimedPermissions(claims, name)).toEqual(permissions);
});
