import type { TypedDocumentString } from './gql/graphql.ts';

/** What the gateway answers instead of data. `code` is one of those in docs/graphql.md. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly permission: string | undefined;

  constructor(message: string, code: string, permission?: string) {
    super(message);
    this.code = code;
    this.permission = permission;
  }
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly permission?: string };
  }[];
}

/** Sends one operation. Its document knows the types of its variables and of its answer. @throws Refusal */
export async function ask<Data, Variables>(
  token: string,
  document: TypedDocumentString<Data, Variables>,
  ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
): Promise<Data> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document.toString(), variables }),
  }).catch(() => {
    throw new Refusal('The gateway cannot be reached.', 'SERVICE_UNAVAILABLE');
  });
  const { data, errors = [] } = (await response.json()) as Answer<Data>;
  const [error] = errors;
  if (error) throw new Refusal(error.message, error.extensions.code, error.extensions.permission);
  if (!data) throw new Refusal('The gateway answered nothing.', 'INTERNAL_SERVER_ERROR');
  return data;
}
