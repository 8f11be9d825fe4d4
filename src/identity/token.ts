import { hash, randomBytes } from 'node:crypto';

/** People and scanners for leaked secrets recognise a token of the gateway by it. */
const prefix = 'dtg_';

/** A new bearer token: `dtg_`, then 256 random bits in 43 characters that need no escaping. */
export function generateToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256 of a token, in hexadecimal. Only this digest is stored. */
export function digestToken(token: string): string {
  return hash('sha256', token);
}
