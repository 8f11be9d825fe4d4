import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, expect, it } from 'vitest';
import { createStatementCache } from '../../../src/store/sqlite/statement-cache.ts';

const database = new DatabaseSync(':memory:');
afterAll(() => database.close());

/** A statement of about so many characters, none like another. */
const statement = (number: number, characters: number) => `SELECT ${number} AS "${'x'.repeat(characters)}"`;

it('keeps at most 200 statements and a million characters, those that were used last', () => {
  const cache = createStatementCache(database);
  const used = cache.get('SELECT 1');
  for (let number = 0; number < 1_000; number += 1) {
    cache.get(statement(number, number < 500 ? 10 : 30_000));
    expect(cache.get('SELECT 1')).toBe(used);
    const { statements, characters } = cache.size;
    expect(statements).toBeLessThanOrEqual(200);
    expect(characters).toBeLessThanOrEqual(1024 * 1024);
  }
});

it('keeps no very long statement, and runs it all the same', () => {
  const cache = createStatementCache(database);
  const long = statement(7, 100_000);
  expect(Number(cache.get(long).statement.all()[0]?.[0])).toBe(7);
  expect(cache.size).toEqual({ statements: 0, characters: 0 });
});
