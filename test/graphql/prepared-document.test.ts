import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createDocuments } from '../../src/graphql/prepared-document.ts';
import { createSchema } from '../../src/schema/schema.ts';

const create = () => createDocuments(createSchema(), readConfig({}).limits);
const large = (number: number) => `query q${number} { ${'a '.repeat(1_900)} }`;

it('a document that is kept is prepared once', () => {
  const documents = create();
  const prepared = documents.prepare('{ viewer { name } }');
  documents.keep(prepared, '{ viewer { name } }');
  expect(documents.prepare('{ viewer { name } }')).toBe(prepared);
  expect(documents.prepare('{ viewer { id } }')).not.toBe(prepared);
});

it('documents make room for others by what they take, the least recently used first', () => {
  const documents = create();
  const first = documents.prepare(large(0));
  documents.keep(first, large(0));
  for (let number = 1; number < 40; number += 1)
    documents.keep(documents.prepare(large(number)), large(number));
  // Each takes more than a megabyte, as 4,000 characters; 32 are there for all.
  expect(documents.prepare(large(0))).not.toBe(first);
  expect(documents.prepare(large(39)).isValid).toBe(true);
});

it('what cannot be parsed, or is not valid, is not kept', () => {
  const documents = create();
  expect(() => documents.prepare('{')).toThrow(GraphQLError);
  expect(documents.prepare('{ nothing }').isValid).toBe(false);
  expect(documents.prepare('{ nothing }')).not.toBe(documents.prepare('{ nothing }'));
});
