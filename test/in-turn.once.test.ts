import { expect, it } from 'vitest';
import { inTurn } from '../src/in-turn.ts';

it('pieces run in the order in which they came, and what has arrived is heard between', async () => {
  const done: string[] = [];
  setTimeout(() => done.push('heard'), 1);
  const pieces = Array.from({ length: 12 }, (_, index) =>
    inTurn(() => {
      work(4);
      done.push(`piece ${index}`);
      return index;
    }),
  );
  expect(await Promise.all(pieces)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(done.filter((each) => each !== 'heard')).toEqual(pieces.map((_, index) => `piece ${index}`));
  expect(done.at(-1)).not.toBe('heard');
});

it('the first piece runs at once, and a failure is that of its own piece', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(inTurn(() => 'at once')).toBe('at once');
  expect(() =>
    inTurn(() => {
      work(12);
      throw new Error('early');
    }),
  ).toThrow('early');
  const late = inTurn(() => {
    throw new Error('late');
  });
  const next = inTurn(() => 'next');
  await expect(late).rejects.toThrow('late');
  expect(await next).toBe('next');
});

function work(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}
