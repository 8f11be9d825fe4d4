import type { GraphQLParams } from 'graphql-yoga';

/** The SHA-256 of a document by which Apollo's clients name it: `extensions.persistedQuery` of version 1. */
export function sentHash({ extensions }: GraphQLParams): string | undefined {
  const sent: unknown = extensions?.persistedQuery;
  if (typeof sent !== 'object' || sent === null) return undefined;
  const { version, sha256Hash } = sent as { readonly version?: unknown; readonly sha256Hash?: unknown };
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}
