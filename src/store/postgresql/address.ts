/** A DATABASE_URL without the parameters that the gateway reads itself. */
export interface PostgresAddress {
  /** For the driver: host, port, database, user, password, and the parameters of the driver. */
  readonly connectionString: string;
  /** The schema of the tables. */
  readonly schema: string;
  /** How the connection is encrypted; undefined for no encryption. */
  readonly tls: TlsMode | undefined;
}

export interface TlsMode {
  readonly verify: 'nothing' | 'authority' | 'authority and host';
  /** Paths of PEM files. Without a root certificate, the public authorities of Node.js are trusted. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

const driverParameters = [
  'host',
  'port',
  'user',
  'password',
  'application_name',
  'fallback_application_name',
  'options',
] as const;
const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
const known: readonly string[] = ['schema', ...tlsParameters, ...driverParameters];

/** PostgreSQL truncates longer names. */
const maxNameBytes = 63;

/**
 * Reads the address of a PostgreSQL database. Parameters have the meaning that libpq and Prisma give them. A parameter that
 * the gateway does not support is refused, never ignored.
 *
 * @param fallbackMode - the mode of encryption if the address has none: the variable PGSSLMODE
 * @throws Error whose message continues `DATABASE_URL`, and holds no secret
 */
export function readAddress(
  url: string,
  fallbackMode: string | undefined = process.env.PGSSLMODE || undefined,
): PostgresAddress {
  // The host may be missing, as in `postgres://user@/name?host=/run/postgresql`.
  const { hostname, searchParams } = new URL(url.replace('@/', '@localhost/'));
  for (const name of searchParams.keys()) {
    if (!known.includes(name)) {
      throw new Error(
        `has the parameter ${JSON.stringify(name.slice(0, 50))}, which is not supported: these are ${known.join(', ')}`,
      );
    }
    if (searchParams.getAll(name).length > 1) throw new Error(`has the parameter "${name}" twice`);
  }
  const schema = searchParams.get('schema') ?? 'public';
  // Prisma's adapter quotes the name, but does not escape quotation marks in it.
  if (schema === '' || /^pg_|["\0]/.test(schema) || Buffer.byteLength(schema) > maxNameBytes) {
    throw new Error(
      `names a schema that cannot be: it needs 1 to ${maxNameBytes} bytes, no quotation mark, and not to begin with pg_`,
    );
  }
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  const tls = readTlsMode(searchParams, fallbackMode);
  const forDriver = new URLSearchParams([...searchParams].filter(([name]) => !isOurs(name)));
  const [base] = url.split(/[?#]/, 1);
  return {
    connectionString: forDriver.size === 0 ? `${base}` : `${base}?${forDriver}`,
    schema,
    // As in libpq, a Unix socket is never encrypted.
    tls: host.startsWith('/') ? undefined : tls,
  };
}

function readTlsMode(parameters: URLSearchParams, fallback: string | undefined): TlsMode | undefined {
  const [mode = fallback, root, certificate, key] = tlsParameters.map(
    (name) => parameters.get(name) ?? undefined,
  );
  if ((certificate === undefined) !== (key === undefined)) throw new Error('needs both sslcert and sslkey');
  if (mode === undefined && (root ?? certificate) !== undefined) {
    throw new Error('has sslrootcert or sslcert without sslmode: add sslmode=verify-full');
  }
  if (root === 'system' && mode !== 'verify-full')
    throw new Error('has sslrootcert=system: it needs sslmode=verify-full');
  const rootCertificate = root === 'system' ? undefined : root;
  const files = { rootCertificate, certificate, key };
  switch (mode) {
    case undefined:
    case 'disable':
      return undefined;
    case 'require':
      // As in libpq, a root certificate is also verified.
      return { verify: rootCertificate === undefined ? 'nothing' : 'authority', ...files };
    case 'verify-ca':
      // Anyone can get a certificate from a public authority.
      if (rootCertificate === undefined) throw new Error('has sslmode=verify-ca, which needs sslrootcert');
      return { verify: 'authority', ...files };
    case 'verify-full':
      return { verify: 'authority and host', ...files };
    case 'allow':
    case 'prefer':
      throw new Error(
        `has sslmode=${mode}, which anybody on the way can turn off: use require or verify-full, or disable`,
      );
    default:
      throw new Error(
        `has the sslmode ${JSON.stringify(mode.slice(0, 20))}: use disable, require, verify-ca or verify-full`,
      );
  }
}

function isOurs(name: string): boolean {
  return name === 'schema' || tlsParameters.some((ours) => ours === name);
}
