import { z } from 'zod';

/** Every setting of the gateway, read from the environment once at start. */
export type Config = Readonly<z.output<typeof schema>>;

export type Limits = Config['limits'];

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

const onOrOff = z.enum(['on', 'off'], 'must be on or off').default('on');

const KiB = 1024;
const MiB = 1024 * KiB;

const schema = z
  .object({
    DATABASE_URL: z
      .string()
      .default('file:./data/dtrace.db')
      .refine((url) => /^file:.+/.test(url) || /^postgres(ql)?:\/\/.+/.test(url), {
        error: 'must begin with file: (SQLite) or postgres:// (PostgreSQL)',
        abort: true,
      })
      .refine(
        (url) => url.startsWith('file:') || isPostgresUrl(url),
        'must be a whole address, its special characters percent-encoded',
      ),
    DATABASE_TIMEOUT_MS: wholeNumber(5000, 100, 600_000),
    DATABASE_POOL_SIZE: wholeNumber(10, 1, 500),
    HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
    PORT: wholeNumber(4000, 0, 65_535),
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
    GRAPHIQL: onOrOff,
    INTROSPECTION: onOrOff,
    SHUTDOWN_TIMEOUT_MS: wholeNumber(10_000, 0, 600_000),
    SDL_ACCESS: z
      .enum(['signed-in', 'open', 'closed'], { error: 'must be one of signed-in, open and closed' })
      .default('signed-in'),
    MAX_BODY_BYTES: wholeNumber(MiB, KiB, 1024 * MiB),
    MAX_DOCUMENT_TOKENS: wholeNumber(2_000, 50, 4_000),
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
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    databaseTimeoutMs: env.DATABASE_TIMEOUT_MS,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    host: env.HOST,
    port: env.PORT,
    corsOrigins: env.CORS_ORIGINS,
    graphiql: env.GRAPHIQL === 'on',
    introspection: env.INTROSPECTION === 'on',
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    sdlAccess: env.SDL_ACCESS,
    limits: {
      maxBodyBytes: env.MAX_BODY_BYTES,
      maxDocumentTokens: env.MAX_DOCUMENT_TOKENS,
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
      return `${name} ${issue.message}, not ${shown(name, environment[name])}.`;
    }),
  );
}

/** A database address may hold a password: only its scheme is ever repeated. */
function shown(name: string, value: string | undefined): string {
  if (name === 'DATABASE_URL') return `"${value?.match(/^[\w+]{0,20}:/)?.[0] ?? ''}…"`;
  return JSON.stringify(value?.slice(0, 100));
}

/** Also without a host, as in `postgres://user@/name?host=/run/postgresql`. */
function isPostgresUrl(text: string): boolean {
  return URL.canParse(text.replace('@/', '@localhost/'));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
