/** Merges two ordered lists into one. Equal values of the first list come first. */
export function mergeOrdered<Value>(
  some: readonly Value[],
  others: readonly Value[],
  compare: (one: Value, other: Value) => number,
): Value[] {
  const merged: Value[] = [];
  let next = 0;
  for (const value of some) {
    while (next < others.length && compare(others[next] as Value, value) < 0) {
      merged.push(others[next] as Value);
      next += 1;
    }
    merged.push(value);
  }
  while (next < others.length) {
    merged.push(others[next] as Value);
    next += 1;
  }
  return merged;
}
