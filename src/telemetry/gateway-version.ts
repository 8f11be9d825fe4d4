import { readFileSync } from 'node:fs';

/** The version of the gateway, from its `package.json`. */
export function readGatewayVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
