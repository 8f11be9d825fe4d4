import { parseAccept } from 'hono/utils/accept';
import { HttpRequestError } from '../errors.ts';

/** Answers are JSON. @throws HttpRequestError (406) when the caller accepts something else only */
export function checkAccept(header: string | undefined): void {
  if (header === undefined || header.trim() === '') return;
  const ranges = new Map(parseAccept(header).map(({ type, q }) => [type.toLowerCase(), q]));
  const quality = ranges.get('application/json') ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0;
  if (quality > 0) return;
  throw new HttpRequestError(406, 'Answers are application/json: allow it in the header "accept".');
}
