import type { IncomingHttpHeaders } from 'node:http';
import { httpErrors } from '../errors.ts';

const conditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

/**
 * FiFo's API has no entity tags. A write under a condition is refused, because one that went ahead regardless could undo
 * the very change that the condition was to protect.
 *
 * @throws HttpRequestError (412)
 */
export function checkNoConditions(headers: IncomingHttpHeaders): void {
  const condition = conditions.find((name) => headers[name] !== undefined);
  if (condition !== undefined) throw httpErrors.conditionNotSupported(condition);
}
