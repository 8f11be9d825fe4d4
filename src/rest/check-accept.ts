import Negotiator from 'negotiator';
import { httpErrors } from '../errors.ts';

/** The second type is for clients that name a charset, although JSON has none. */
const types = ['application/json', 'application/json;charset=utf-8'];

/** @throws HttpRequestError (406) if the caller does not accept JSON */
export function checkAccept(header: string | undefined): void {
  if (header === undefined || header.trim() === '') return;
  const accepted = new Negotiator({ headers: { accept: header } }).mediaType(types);
  if (accepted !== undefined) return;
  throw httpErrors.notAcceptable(['application/json']);
}
