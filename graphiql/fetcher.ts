import type { GraphiQLProps } from 'graphiql';
import { type Answer, reportAnswer } from './answers.ts';

/**
 * Sends operations to the gateway.
 *
 * An `Authorization` that has not been filled in yet is left out, and so is every one from the introspection query:
 * the schema is the same for all, and a token that has expired must not take the documentation away.
 */
export function createFetcher(url: string): GraphiQLProps['fetcher'] {
  return async (operation, options) => {
    const isIntrospection = operation.operationName === 'IntrospectionQuery';
    const sent = Object.entries(options?.headers ?? {}).filter(
      ([name, value]) => !isAuthorization(name) || (!isIntrospection && isFilledIn(value)),
    );
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...Object.fromEntries(sent),
      },
      body: JSON.stringify(operation),
    });
    const answer = (await response.json()) as Answer;
    if (!isIntrospection) reportAnswer(answer, { isSignedIn: sent.some(([name]) => isAuthorization(name)) });
    return answer as object;
  };
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

function isFilledIn(value: unknown): boolean {
  return !/^(bearer)?$/i.test(String(value).trim());
}
