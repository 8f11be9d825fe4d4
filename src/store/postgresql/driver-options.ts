import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { readAddress, type TlsMode } from './address.ts';

/** The options of the driver and the schema, for every connection to an address. */
export interface Connecting {
  readonly options: Pick<ClientConfig, 'connectionString' | 'ssl'>;
  readonly schema: string;
}

/** @throws Error in one line, for an address that is not valid or a file that cannot be read */
export function readConnecting(url: string): Connecting {
  const { connectionString, schema, tls } = readAddress(url);
  return { options: { connectionString, ssl: tls === undefined ? false : tlsOptions(tls) }, schema };
}

function tlsOptions({ verify, rootCertificate, certificate, key }: TlsMode): ClientConfig['ssl'] {
  return {
    ...(rootCertificate === undefined ? {} : { ca: readFileSync(rootCertificate, 'utf8') }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate, 'utf8') }),
    ...(key === undefined ? {} : { key: readFileSync(key, 'utf8') }),
    rejectUnauthorized: verify !== 'nothing',
    ...(verify === 'authority' ? { checkServerIdentity: () => undefined } : {}),
  };
}
