import type { IncomingHttpHeaders } from 'node:http';
import { HttpRequestError } from '../errors.ts';

const conditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

/**
 * FiFo's API has no entity tags. A write under a condition is refused, because one that went ahead regardless could undo
 * the very change that the condition was to protect.
 *
 * @throws HttpRequestError (412)
 */
export function checkNoConditions(headers: IncomingHttpHeaders): void {
  const condition = conditions.find((name) => headers[name] !== undefined);
  if (condition === undefined) return;
  throw new HttpRequestError(
    412,
    `The header "${condition}" is not supported here. GraphQL's "ifRevision" guards a write.`,
  );
}
