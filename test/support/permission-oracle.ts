import { type Permission, restWildcard, segmentWildcard } from '../../src/permissions/permission.ts';

/**
 * Whether one granted permission covers a required one. The gateway decides by a trie of all grants; this function
 * looks at one grant, so that tests can compare both.
 *
 * `_` stands for exactly one segment; `...` for one or more at the end, zero or more elsewhere.
 * The required side is literal. Segments compare exactly, upper and lower case included.
 *
 * It takes at most as many steps as the product of both lengths.
 *
 * @param granted - segments, `['dtrace', '_', 'get']`
 * @param required - segments, `['dtrace', uuid, 'get']`
 */
export function matchPermission(granted: Permission, required: Permission): boolean {
  let g = 0;
  let r = 0;
  // The position of the last `...` passed, and of the first segment that it does not match. Only the last `...` is
  // tried again: it can match whatever an earlier one could match in addition.
  let rest = -1;
  let resume = 0;

  while (r < required.length) {
    if (granted[g] === restWildcard) {
      if (g === granted.length - 1) return true;
      rest = g++;
      resume = r;
    } else if (g < granted.length && (granted[g] === segmentWildcard || granted[g] === required[r])) {
      g++;
      r++;
    } else if (rest >= 0) {
      g = rest + 1;
      r = ++resume;
    } else {
      return false;
    }
  }
  // A grant that is not used up needs at least one more segment: its last segment, even `...`, never matches nothing.
  return g === granted.length;
}
