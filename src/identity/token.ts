import { hash, randomBytes } from 'node:crypto';

/** Lets people, and scanners of leaked secrets, recognise a token of the gateway. */
const prefix = 'dtg_';

/** A new bearer token: 256 random bits in 43 characters that need no escaping anywhere, behind `dtg_`. */
export function generateToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256 of a token, in hexadecimal: all that is ever stored of it. */
export function digestToken(token: string): string {
  return hash('sha256', token);
}
