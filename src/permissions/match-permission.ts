import { ONE, type Permission, REST } from './permission.ts';

/**
 * Whether one granted permission covers a required one.
 *
 * `_` stands for exactly one segment; `...` for one or more at the end, zero or more elsewhere.
 * The required side is literal. Segments compare exactly, upper and lower case included.
 *
 * At most as many steps as the product of both lengths.
 *
 * @param granted - segments, `['dtrace', '_', 'get']`
 * @param required - segments, `['dtrace', uuid, 'get']`
 * @throws never; `parsePermission` refuses malformed text earlier
 */
export function matchPermission(granted: Permission, required: Permission): boolean {
  let g = 0;
  let r = 0;
  // The last `...` passed, and where the segments begin that it does not swallow. Only this one is ever
  // reconsidered: whatever an earlier one could swallow more, the last one can swallow as well.
  let rest = -1;
  let resume = 0;

  while (r < required.length) {
    if (granted[g] === REST) {
      if (g === granted.length - 1) return true;
      rest = g++;
      resume = r;
    } else if (g < granted.length && (granted[g] === ONE || granted[g] === required[r])) {
      g++;
      r++;
    } else if (rest >= 0) {
      g = rest + 1;
      r = ++resume;
    } else {
      return false;
    }
  }
  // What is left of the grant needs a segment more: its last one, even `...`, never stands for nothing.
  return g === granted.length;
}
