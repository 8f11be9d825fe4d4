import { expect, it } from 'vitest';
import { anySegment, compilePermissions } from '../../src/permissions/permission-set.ts';

const uuidOf = (i: number) => `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Grants that would take a backtracking matcher ages: every way to mix `a`, `_` and `...`, and long chains. */
function adversarialGrants(): string[] {
  let mixes = [''];
  for (let i = 0; i < 6; i++)
    mixes = mixes.flatMap((mix) => ['a->', '_->', '...->'].map((next) => mix + next));
  const chains = Array.from({ length: 15 }, (_, i) => `${'...->a->'.repeat(i / 2)}${'...->'.repeat(i % 2)}b`);
  return [...mixes.map((mix) => `${mix}z`), ...chains];
}

it('answers 100,000 checks among 10,000 scripts and grants made to be slow', () => {
  const scripts = Array.from({ length: 10_000 }, (_, i) => uuidOf(i));
  const set = compilePermissions([...scripts.map((uuid) => `dtrace->${uuid}->get`), ...adversarialGrants()]);

  let wrong = 0;
  for (let i = 0; i < 100_000; i++) {
    const known = i % 2 === 0;
    if (set.covers(['dtrace', uuidOf(known ? i % 10_000 : i + 10_000), 'get']) !== known) wrong++;
  }
  expect(wrong).toBe(0);
  expect(set.select(['dtrace', anySegment, 'get'])).toEqual(new Set(scripts));
});

it('is not led astray by a long permission made for its wildcards', () => {
  const set = compilePermissions(adversarialGrants());
  const long = Array.from({ length: 200 }, () => 'a');
  for (let i = 0; i < 20; i++) expect(set.covers([...long, 'c'])).toBe(false);
  expect(set.covers([...long, 'b'])).toBe(true);
  expect(set.covers([...long, 'z'])).toBe(true);
});
