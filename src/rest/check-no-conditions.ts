import type { IncomingHttpHeaders } from 'node:http';
import { httpErrors } from '../errors.ts';

const conditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

/**
 * FiFo's API has no entity tags. A write with a condition is refused: without the check it could undo a change that the
 * condition should protect.
 *
 * @throws HttpRequestError (412)
 */
export function checkNoConditions(headers: IncomingHttpHeaders): void {
  const condition = conditions.find((name) => headers[name] !== undefined);
  if (condition !== undefined) throw httpErrors.conditionNotSupported(condition);
}
