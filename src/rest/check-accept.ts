import Negotiator from 'negotiator';
import { httpErrors } from '../errors.ts';

/** The second for clients that name a charset, which JSON does not have. */
const types = ['application/json', 'application/json;charset=utf-8'];

/** Answers are JSON. @throws HttpRequestError (406) when the caller accepts something else only */
export function checkAccept(header: string | undefined): void {
  if (header === undefined || header.trim() === '') return;
  const accepted = new Negotiator({ headers: { accept: header } }).mediaType(types);
  if (accepted !== undefined) return;
  throw httpErrors.notAcceptable(['application/json']);
}
