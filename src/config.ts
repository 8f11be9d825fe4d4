import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';
import { readAddress } from './store/postgresql/address.ts';

/** Every setting of the gateway, read from the environment once at start. */
export type Config = Readonly<z.output<typeof schema>>;

export type Limits = Config['limits'];

/** Whose JSON Web Tokens are accepted, and what they say. */
export type JwtConfig = NonNullable<Config['jwt']>;

/** Who may read the SDL that gateways build on: whoever has a token, everybody, nobody. */
export type SdlAccess = Config['sdlAccess'];

/** Thrown when the environment holds values that the gateway cannot run with; one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .default(String(fallback))
    .refine(
      (text) => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number);

const onOrOff = (fallback: 'on' | 'off') => z.enum(['on', 'off'], 'must be on or off').default(fallback);

const optionalText = z.string().optional();

const httpAddress = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text),
    'must be a whole address such as https://id.example.com/jwks',
  )
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '',
    'must not hold a user or a password',
  );

const KiB = 1024;
const MiB = 1024 * KiB;

/** All of them are needed to tell whose tokens are accepted; with none of them no JSON Web Token is. */
const jwtSettings = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'] as const;

const schema = z
  .object({
    DATABASE_URL: z
      .string()
      .default('file:./data/dtrace.db')
      .refine((url) => /^file:.+/.test(url) || /^postgres(ql)?:\/\/.+/.test(url), {
        error: 'must begin with file: (SQLite) or postgres:// (PostgreSQL)',
        abort: true,
      })
      .refine((url) => url.startsWith('file:') || isPostgresUrl(url), {
        error: 'must be a whole address, its special characters percent-encoded',
        abort: true,
      })
      .superRefine((url, context) => {
        const mistake = url.startsWith('file:') ? undefined : mistakeIn(url);
        if (mistake !== undefined)
          context.addIssue({ code: 'custom', message: mistake, params: { isWhole: true } });
      }),
    DATABASE_TIMEOUT_MS: wholeNumber(5000, 100, 600_000),
    DATABASE_POOL_SIZE: wholeNumber(10, 1, 500),
    READ_CACHE_BYTES: wholeNumber(32 * MiB, 0, 64 * 1024 * MiB),
    HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
    PORT: wholeNumber(4000, 0, 65_535),
    WORKERS: wholeNumber(1, 1, 64),
    CORS_ORIGINS: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((origin) => origin.trim())
          .filter((origin) => origin !== ''),
      )
      .refine(
        (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
        'must be a comma-separated list of origins such as https://console.example.com',
      ),
    GRAPHIQL: onOrOff('on'),
    INTROSPECTION: onOrOff('on'),
    SHUTDOWN_TIMEOUT_MS: wholeNumber(10_000, 0, 600_000),
    SDL_ACCESS: z
      .enum(['signed-in', 'open', 'closed'], { error: 'must be one of signed-in, open and closed' })
      .default('signed-in'),
    LOG_LEVEL: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
      .default('info'),
    OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress.optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress.optional(),
    OTEL_EXPORTER_OTLP_PROTOCOL: optionalText,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optionalText,
    OTEL_TRACES_EXPORTER: optionalText,
    OTEL_SDK_DISABLED: optionalText,
    AUDIT_RETENTION_DAYS: wholeNumber(90, 0, 36_500),
    TRUST_PROXY: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((proxy) => proxy.trim())
          .filter((proxy) => proxy !== ''),
      )
      .refine(
        isProxyList,
        'must be a comma-separated list of addresses, networks such as 10.0.0.0/8, or loopback',
      ),
    JWT_ISSUER: httpAddress.optional(),
    JWT_AUDIENCE: optionalText,
    JWT_JWKS_URL: httpAddress.optional(),
    JWT_ALGORITHM: z
      .enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'], {
        error: 'must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA',
      })
      .default('RS256'),
    JWT_PERMISSIONS_CLAIM: optionalText,
    JWT_CREATE_USERS: onOrOff('off'),
    PERSISTED_DOCUMENTS: optionalText,
    AUTOMATIC_PERSISTED_QUERIES: onOrOff('off'),
    REQUEST_TIMEOUT_MS: wholeNumber(30_000, 100, 600_000),
    MAX_FAILED_SIGN_INS: wholeNumber(20, 1, 1_000_000),
    MAX_BODY_BYTES: wholeNumber(MiB, KiB, 1024 * MiB),
    MAX_RESPONSE_BYTES: wholeNumber(16 * MiB, KiB, 256 * MiB),
    MAX_OPERATIONS: wholeNumber(1, 1, 100),
    MAX_DOCUMENT_TOKENS: wholeNumber(2_000, 50, 4_000),
    MAX_DOCUMENT_DEPTH: wholeNumber(10, 1, 100),
    MAX_ALIASES: wholeNumber(30, 0, 4_000),
    MAX_DIRECTIVES: wholeNumber(20, 0, 4_000),
    MAX_ROOT_FIELDS: wholeNumber(20, 1, 4_000),
    MAX_COST: wholeNumber(20_000, 1, 1_000_000_000),
    MAX_LIST_SIZE: wholeNumber(10_000, 1, 1_000_000),
    MAX_BATCH_SIZE: wholeNumber(1_000, 1, 100_000),
    MAX_NAME_LENGTH: wholeNumber(255, 1, 600),
    MAX_SCRIPT_BYTES: wholeNumber(256 * KiB, 1, 64 * MiB),
    MAX_CONFIG_BYTES: wholeNumber(64 * KiB, 2, 64 * MiB),
    MAX_METADATA_BYTES: wholeNumber(256 * KiB, 2, 64 * MiB),
    MAX_METADATA_DEPTH: wholeNumber(32, 1, 200),
    MAX_METADATA_PATH_LENGTH: wholeNumber(16, 1, 100),
    MAX_METADATA_KEY_BYTES: wholeNumber(256, 1, 64 * KiB),
  })
  .superRefine((env, context) => {
    const given: string[] = jwtSettings.filter((name) => env[name] !== undefined);
    // Without an issuer these would be of no use, which whoever sets them should know.
    if (env.JWT_PERMISSIONS_CLAIM !== undefined) given.push('JWT_PERMISSIONS_CLAIM');
    if (env.JWT_CREATE_USERS === 'on') given.push('JWT_CREATE_USERS');
    for (const name of jwtSettings) {
      if (given.length > 0 && env[name] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: `must be set, as ${given[0]} is` });
      }
    }
    for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] as const) {
      if (isTraced(env) && env[name] === 'grpc') {
        const message = 'must be http/json: traces are sent over HTTP, usually to port 4318';
        context.addIssue({ code: 'custom', path: [name], message });
      }
    }
  })
  .refine((env) => env.PERSISTED_DOCUMENTS === undefined || env.AUTOMATIC_PERSISTED_QUERIES === 'off', {
    path: ['AUTOMATIC_PERSISTED_QUERIES'],
    message: 'must be off where PERSISTED_DOCUMENTS lists all that may run',
  })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    databaseTimeoutMs: env.DATABASE_TIMEOUT_MS,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    readCacheBytes: env.READ_CACHE_BYTES,
    host: env.HOST,
    port: env.PORT,
    workers: env.WORKERS,
    corsOrigins: env.CORS_ORIGINS,
    graphiql: env.GRAPHIQL === 'on',
    introspection: env.INTROSPECTION === 'on',
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    sdlAccess: env.SDL_ACCESS,
    logLevel: env.LOG_LEVEL,
    tracing: isTraced(env),
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
    trustProxy: env.TRUST_PROXY,
    jwt: jwtOf(env),
    persistedDocuments: env.PERSISTED_DOCUMENTS,
    automaticPersistedQueries: env.AUTOMATIC_PERSISTED_QUERIES === 'on',
    requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
    maxFailedSignIns: env.MAX_FAILED_SIGN_INS,
    limits: {
      maxBodyBytes: env.MAX_BODY_BYTES,
      maxResponseBytes: env.MAX_RESPONSE_BYTES,
      maxOperations: env.MAX_OPERATIONS,
      maxDocumentTokens: env.MAX_DOCUMENT_TOKENS,
      maxDocumentDepth: env.MAX_DOCUMENT_DEPTH,
      maxAliases: env.MAX_ALIASES,
      maxDirectives: env.MAX_DIRECTIVES,
      maxRootFields: env.MAX_ROOT_FIELDS,
      maxCost: env.MAX_COST,
      maxListSize: env.MAX_LIST_SIZE,
      maxBatchSize: env.MAX_BATCH_SIZE,
      maxNameLength: env.MAX_NAME_LENGTH,
      maxScriptBytes: env.MAX_SCRIPT_BYTES,
      maxConfigBytes: env.MAX_CONFIG_BYTES,
      maxMetadataBytes: env.MAX_METADATA_BYTES,
      maxMetadataDepth: env.MAX_METADATA_DEPTH,
      maxMetadataPathLength: env.MAX_METADATA_PATH_LENGTH,
      maxMetadataKeyBytes: env.MAX_METADATA_KEY_BYTES,
    },
  }));

/**
 * Reads the settings from an environment such as `process.env`. An empty variable counts as unset.
 *
 * @throws ConfigError naming every variable that is wrong, and how to mend it
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const value = environment[name];
      if (issue.code === 'custom' && issue.params?.isWhole === true) return `${name} ${issue.message}.`;
      return value === undefined || value === ''
        ? `${name} ${issue.message}.`
        : `${name} ${issue.message}, not ${shown(name, value)}.`;
    }),
  );
}

/** An address may hold a password: only its scheme is ever repeated. */
function shown(name: string, value: string | undefined): string {
  if (name === 'DATABASE_URL' || value?.includes('@'))
    return `"${value?.match(/^[\w+]{0,20}:/)?.[0] ?? ''}…"`;
  return JSON.stringify(value?.slice(0, 100));
}

/** Also without a host, as in `postgres://user@/name?host=/run/postgresql`. */
function isPostgresUrl(text: string): boolean {
  return URL.canParse(text.replace('@/', '@localhost/'));
}

/** What is wrong with the parameters of an address. */
function mistakeIn(url: string): string | undefined {
  try {
    readAddress(url);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isProxyList(proxies: readonly string[]): boolean {
  try {
    proxyAddr.compile([...proxies]);
    return true;
  } catch {
    return false;
  }
}

/** Whether traces are exported, by the standard variables of OpenTelemetry, whose libraries read the rest of them. */
function isTraced(env: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_EXPORTER?: string | undefined;
  readonly OTEL_SDK_DISABLED?: string | undefined;
}): boolean {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none';
  return endpoint !== undefined && !isOff;
}

function jwtOf(env: {
  readonly JWT_ISSUER?: string | undefined;
  readonly JWT_AUDIENCE?: string | undefined;
  readonly JWT_JWKS_URL?: string | undefined;
  readonly JWT_ALGORITHM: string;
  readonly JWT_PERMISSIONS_CLAIM?: string | undefined;
  readonly JWT_CREATE_USERS: 'on' | 'off';
}) {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl } = env;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return undefined;
  return {
    issuer,
    audience,
    jwksUrl,
    algorithm: env.JWT_ALGORITHM,
    permissionsClaim: env.JWT_PERMISSIONS_CLAIM,
    createUsers: env.JWT_CREATE_USERS === 'on',
  };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
