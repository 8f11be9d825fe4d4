import type { SentParameters } from './operation-parameters.ts';

/** The SHA-256 by which Apollo's clients name a document: `extensions.persistedQuery`, version 1. */
export function sentHash({ extensions }: SentParameters): string | undefined {
  const sent: unknown = (extensions as { readonly persistedQuery?: unknown } | null | undefined)
    ?.persistedQuery;
  if (typeof sent !== 'object' || sent === null) return undefined;
  const { version, sha256Hash } = sent as { readonly version?: unknown; readonly sha256Hash?: unknown };
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}
