import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { readAddress, type TlsMode } from './address.ts';

/** What every connection to an address is opened with: the driver's options, and the schema. */
export interface Connecting {
  readonly options: Pick<ClientConfig, 'connectionString' | 'ssl'>;
  readonly schema: string;
}

/** @throws Error for an address that cannot be used, or a file that cannot be read; in one line */
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
