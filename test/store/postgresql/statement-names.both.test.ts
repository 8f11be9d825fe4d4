import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createStatementNames } from '../../../src/store/postgresql/statement-names.ts';

const plain = 'SELECT 1 + $1::int AS "value"';
/** A statement of a shape of its own. */
const shape = (number: number) => `SELECT ${number} + $1::int AS "value"`;

let pool: pg.Pool;
let nameOf: (text: string) => string;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 2 });
  nameOf = createStatementNames(pool);
});
afterAll(() => pool.end());

type Queryable = Pick<pg.Pool, 'query'>;

async function run(text: string, on: Queryable = pool): Promise<number> {
  const { rows } = await on.query({ name: nameOf(text), text, values: [1] });
  return rows[0].value;
}

async function prepared(on: Queryable): Promise<string[]> {
  const { rows } = await on.query('SELECT "statement" FROM pg_prepared_statements');
  return rows.map(({ statement }) => statement);
}

describe('however many statements callers think up', () => {
  it('the one that is used all the time is prepared, and a connection holds few more than 200', async () => {
    for (let number = 0; number < 1_100; number += 1) {
      expect([await run(shape(number)), await run(plain)]).toEqual([number + 1, 2]);
      if (number % 50 > 0) continue;
      const client = await pool.connect();
      try {
        expect(await run(plain, client)).toBe(2);
        const statements = await prepared(client);
        expect(statements).toContain(plain);
        expect(statements.length).toBeLessThanOrEqual(201);
      } finally {
        client.release();
      }
    }
  });

  it('a connection that somebody holds meanwhile goes on, in its transaction, and is tidied afterwards', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    expect(await run(plain, client)).toBe(2);
    for (let number = 0; number < 450; number += 1) await run(shape(10_000 + number));
    expect([await run(plain, client), await run(shape(7), client)]).toEqual([2, 8]);
    await client.query('COMMIT');
    client.release();
    const values = await Promise.all(Array.from({ length: 500 }, (_, number) => run(shape(number))));
    expect(values).toEqual(values.map((_, number) => number + 1));
    for (const held of [await pool.connect(), await pool.connect()]) {
      // A statement may have got its name before, and its connection after the names were used up.
      expect((await prepared(held)).length).toBeLessThanOrEqual(400);
      held.release();
    }
  });

  it('a very long one is not prepared', () => {
    expect(nameOf(`${plain} -- ${'x'.repeat(20_000)}`)).toBe('');
  });
});
