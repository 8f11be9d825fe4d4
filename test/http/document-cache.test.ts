import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { createDocumentCache, useValidDocumentsOnly } from '../../src/http/document-cache.ts';

const maxBytes = 32 * 1024 * 1024;

describe('documents are kept', () => {
  it('as many as have room for all their tokens', () => {
    const documents = createDocumentCache<DocumentNode>();
    for (let number = 0; number < 60; number += 1) {
      const text = `query q${number} { ${'a '.repeat(1_900)} }`;
      documents.set(text, parse(text));
    }
    // Each takes more than a megabyte, as 4,000 characters.
    expect(documents.size).toBeLessThan(30);
    for (let number = 0; number < 1_000; number += 1) {
      const text = `query q${number} { a }`;
      documents.set(text, parse(text));
    }
    expect(documents.size).toBeGreaterThan(1_000);
    expect(documents.calculatedSize).toBeLessThanOrEqual(maxBytes);
  });

  it('as are the errors of others, and texts by their hashes', () => {
    const [errors, texts] = [createDocumentCache<Error>(), createDocumentCache<string>(maxBytes)];
    for (let number = 0; number < 1_000; number += 1) {
      const text = `{ ${number} ${'x'.repeat(50_000)}`;
      errors.set(text, new GraphQLError('Syntax Error'));
      texts.set(`${number}`, text);
    }
    expect(errors.calculatedSize).toBeLessThanOrEqual(maxBytes);
    expect(texts.calculatedSize).toBeLessThanOrEqual(maxBytes);
    expect([errors.size, texts.size].every((size) => size > 0 && size < 400)).toBe(true);
  });

  it('when they are valid', async () => {
    const documents = createDocumentCache<DocumentNode>();
    const yoga = createYoga({
      schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
      parserAndValidationCache: { documentCache: documents },
      plugins: [useValidDocumentsOnly(documents)],
      logging: false,
    });
    const ask = async (query: string) => {
      const body = JSON.stringify({ query });
      const headers = { 'content-type': 'application/json' };
      return (await yoga.fetch('http://yoga/graphql', { method: 'POST', headers, body })).json();
    };
    for (let time = 0; time < 2; time += 1) {
      expect(await ask('{ a }')).toEqual({ data: { a: null } });
      expect(await ask('{ b }')).toMatchObject({ errors: [{ message: expect.stringContaining('"b"') }] });
    }
    expect([...documents.keys()]).toEqual(['{ a }']);
  });
});
