import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const limits = {
  maxBodyBytes: 1_048_576,
  maxResponseBytes: 16_777_216,
  maxOperations: 1,
  maxDocumentTokens: 2_000,
  maxDocumentDepth: 10,
  maxAliases: 30,
  maxDirectives: 20,
  maxRootFields: 20,
  maxCost: 20_000,
  maxListSize: 10_000,
  maxBatchSize: 1_000,
  maxNameLength: 255,
  maxScriptBytes: 262_144,
  maxConfigBytes: 65_536,
  maxMetadataBytes: 262_144,
  maxMetadataDepth: 32,
  maxMetadataPathLength: 16,
  maxMetadataKeyBytes: 256,
};

const defaults = {
  databaseUrl: 'file:./data/dtrace.db',
  databaseTimeoutMs: 5_000,
  databasePoolSize: 10,
  readCacheBytes: 33_554_432,
  host: '127.0.0.1',
  port: 4000,
  workers: 1,
  corsOrigins: [],
  graphiql: true,
  introspection: true,
  shutdownTimeoutMs: 10_000,
  tracing: false,
  sdlAccess: 'signed-in',
  logLevel: 'info',
  auditRetentionDays: 90,
  trustProxy: [],
  jwt: undefined,
  persistedDocuments: undefined,
  automaticPersistedQueries: false,
  requestTimeoutMs: 30_000,
  maxFailedSignIns: 20,
  limits,
};

/** Whole numbers, with the least and the most that each may be. */
const numbers = [
  ['DATABASE_TIMEOUT_MS', 'databaseTimeoutMs', 100, 600_000],
  ['DATABASE_POOL_SIZE', 'databasePoolSize', 1, 500],
  ['READ_CACHE_BYTES', 'readCacheBytes', 0, 68_719_476_736],
  ['PORT', 'port', 0, 65_535],
  ['WORKERS', 'workers', 1, 64],
  ['SHUTDOWN_TIMEOUT_MS', 'shutdownTimeoutMs', 0, 600_000],
  ['MAX_BODY_BYTES', 'limits.maxBodyBytes', 1_024, 1_073_741_824],
  ['MAX_RESPONSE_BYTES', 'limits.maxResponseBytes', 1_024, 268_435_456],
  ['MAX_OPERATIONS', 'limits.maxOperations', 1, 100],
  ['MAX_DOCUMENT_TOKENS', 'limits.maxDocumentTokens', 50, 4_000],
  ['MAX_DOCUMENT_DEPTH', 'limits.maxDocumentDepth', 1, 100],
  ['MAX_ALIASES', 'limits.maxAliases', 0, 4_000],
  ['MAX_DIRECTIVES', 'limits.maxDirectives', 0, 4_000],
  ['MAX_ROOT_FIELDS', 'limits.maxRootFields', 1, 4_000],
  ['MAX_COST', 'limits.maxCost', 1, 1_000_000_000],
  ['AUDIT_RETENTION_DAYS', 'auditRetentionDays', 0, 36_500],
  ['REQUEST_TIMEOUT_MS', 'requestTimeoutMs', 100, 600_000],
  ['MAX_FAILED_SIGN_INS', 'maxFailedSignIns', 1, 1_000_000],
  ['MAX_LIST_SIZE', 'limits.maxListSize', 1, 1_000_000],
  ['MAX_BATCH_SIZE', 'limits.maxBatchSize', 1, 100_000],
  ['MAX_NAME_LENGTH', 'limits.maxNameLength', 1, 600],
  ['MAX_SCRIPT_BYTES', 'limits.maxScriptBytes', 1, 67_108_864],
  ['MAX_CONFIG_BYTES', 'limits.maxConfigBytes', 2, 67_108_864],
  ['MAX_METADATA_BYTES', 'limits.maxMetadataBytes', 2, 67_108_864],
  ['MAX_METADATA_DEPTH', 'limits.maxMetadataDepth', 1, 200],
  ['MAX_METADATA_PATH_LENGTH', 'limits.maxMetadataPathLength', 1, 100],
  ['MAX_METADATA_KEY_BYTES', 'limits.maxMetadataKeyBytes', 1, 65_536],
] as const;

/** What an environment that is wrong is told, line by line. */
function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) {
      expect(error.message).toBe(error.mistakes.join('\n'));
      return error.mistakes;
    }
    throw error;
  }
  return [];
}

describe('an environment without settings', () => {
  it.each([
    ['is empty', {}],
    ['holds other variables', { HOME: '/root', port: '1', MAX_NAMES: 'x' }],
    [
      'holds empty ones',
      Object.fromEntries([...numbers, ['HOST'], ['DATABASE_URL']].map(([name]) => [name, ''])),
    ],
  ])('%s: the defaults hold', (_, environment) => {
    expect(readConfig(environment)).toEqual(defaults);
  });
});

describe.each(numbers)('%s', (variable, setting, least, most) => {
  it.each([least, most])('may be %i', (value) => {
    expect(readConfig({ [variable]: String(value) })).toHaveProperty(setting, value);
  });

  it.each([
    `${least - 1}`,
    `${most + 1}`,
    '1.5',
    '1e3',
    '0x10',
    ' 7',
    '7 ',
    '+7',
    'many',
    '9'.repeat(16),
    '٣',
  ])('must not be %j', (value) => {
    expect(mistakesOf({ [variable]: value })).toEqual([
      `${variable} must be a whole number from ${least} to ${most}, not "${value}".`,
    ]);
  });
});

describe('DATABASE_URL', () => {
  it.each([
    'file:gateway.db',
    'file:./data/dtrace.db',
    'file:/var/lib/gateway/a b#?.db',
    'postgres://127.0.0.1/x',
    'postgresql://gateway:p%40ss@db.example.com:5433/dtrace?sslmode=require',
    'postgres://gateway@[::1]/x',
    'postgres:///x?host=/run/postgresql',
    'postgres://gateway:word@/x?host=/run/postgresql',
  ])('may be %s', (url) => {
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  const noScheme = 'must begin with file: (SQLite) or postgres:// (PostgreSQL)';
  const noAddress = 'must be a whole address, its special characters percent-encoded';
  it.each([
    ['gateway.db', noScheme, ''],
    ['file:', noScheme, 'file:'],
    ['postgres://', noScheme, 'postgres:'],
    ['mysql://root:secret@db/x', noScheme, 'mysql:'],
    ['root:secret@db/x', noScheme, 'root:'],
    ['secret', noScheme, ''],
    [' postgres://u:secret@db/x', noScheme, ''],
    ['POSTGRES://u:secret@db/x', noScheme, 'POSTGRES:'],
    ['postgres://u:secret@db:99999/x', noAddress, 'postgres:'],
    ['postgres://u:secret/secret@db/x', noAddress, 'postgres:'],
    ['postgres://u:secret#secret@db/x', noAddress, 'postgres:'],
  ])('must not be %s, and is not repeated', (url, rule, scheme) => {
    const mistakes = mistakesOf({ DATABASE_URL: url });
    expect(mistakes).toEqual([`DATABASE_URL ${rule}, not "${scheme}…".`]);
    expect(mistakes.join()).not.toContain('secret');
  });
});

describe('HOST', () => {
  it.each(['0.0.0.0', '::', 'gateway.example.com'])('may be %s', (host) => {
    expect(readConfig({ HOST: host }).host).toBe(host);
  });
});

describe('SDL_ACCESS', () => {
  it.each(['signed-in', 'open', 'closed'])('may be %s', (access) => {
    expect(readConfig({ SDL_ACCESS: access }).sdlAccess).toBe(access);
  });

  it.each(['OPEN', 'true', 'signed in', ' open'])('must not be %j', (access) => {
    expect(mistakesOf({ SDL_ACCESS: access })).toEqual([
      `SDL_ACCESS must be one of signed-in, open and closed, not "${access}".`,
    ]);
  });
});

describe('JWT_…', () => {
  const issuer = {
    JWT_ISSUER: 'https://id.example.com/realms/main',
    JWT_AUDIENCE: 'https://dtrace.example.com',
    JWT_JWKS_URL: 'https://id.example.com/certs',
  };

  it('say together whose tokens are accepted', () => {
    const jwt = {
      issuer: issuer.JWT_ISSUER,
      audience: issuer.JWT_AUDIENCE,
      jwksUrl: issuer.JWT_JWKS_URL,
      algorithm: 'RS256',
      permissionsClaim: undefined,
      createUsers: false,
    };
    expect(readConfig(issuer).jwt).toEqual(jwt);
    const more = { JWT_ALGORITHM: 'ES256', JWT_PERMISSIONS_CLAIM: 'scope', JWT_CREATE_USERS: 'on' };
    expect(readConfig({ ...issuer, ...more }).jwt).toEqual({
      ...jwt,
      algorithm: 'ES256',
      permissionsClaim: 'scope',
      createUsers: true,
    });
  });

  const whole = 'must be a whole address such as https://id.example.com/jwks';
  it.each<[Record<string, string>, ...string[]]>([
    [
      { JWT_ISSUER: issuer.JWT_ISSUER, JWT_AUDIENCE: '' },
      'JWT_AUDIENCE must be set, as JWT_ISSUER is.',
      'JWT_JWKS_URL must be set, as JWT_ISSUER is.',
    ],
    [
      { JWT_PERMISSIONS_CLAIM: 'scope' },
      ...Object.keys(issuer).map((name) => `${name} must be set, as JWT_PERMISSIONS_CLAIM is.`),
    ],
    [
      { JWT_CREATE_USERS: 'on' },
      ...Object.keys(issuer).map((name) => `${name} must be set, as JWT_CREATE_USERS is.`),
    ],
    [{ ...issuer, JWT_ISSUER: 'id.example.com' }, `JWT_ISSUER ${whole}, not "id.example.com".`],
    [{ ...issuer, JWT_JWKS_URL: 'file:///keys' }, `JWT_JWKS_URL ${whole}, not "file:///keys".`],
    [
      { ...issuer, JWT_JWKS_URL: 'https://me:secret@id.example.com/certs' },
      'JWT_JWKS_URL must not hold a user or a password, not "https:…".',
    ],
    [
      { ...issuer, JWT_ALGORITHM: 'none' },
      'JWT_ALGORITHM must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA, not "none".',
    ],
  ])('must not be %j', (environment, ...mistakes) => {
    expect(mistakesOf(environment)).toEqual(mistakes);
  });
});

describe('CORS_ORIGINS', () => {
  it.each([
    ['*', ['*']],
    ['https://console.example.com', ['https://console.example.com']],
    [' http://localhost:3000 ,, https://a.example,', ['http://localhost:3000', 'https://a.example']],
    [' ', []],
  ])('may be %j', (value, origins) => {
    expect(readConfig({ CORS_ORIGINS: value }).corsOrigins).toEqual(origins);
  });

  it.each([
    'console.example.com',
    'https://a.example/',
    'https://a.example/path',
    'https://a.example nonsense',
    '**',
  ])('must not be %j', (value) => {
    expect(mistakesOf({ CORS_ORIGINS: value })).toEqual([
      `CORS_ORIGINS must be a comma-separated list of origins such as https://console.example.com, not "${value}".`,
    ]);
  });
});

describe.each([
  ['GRAPHIQL', 'graphiql'],
  ['INTROSPECTION', 'introspection'],
])('%s', (variable, setting) => {
  it.each([
    ['on', true],
    ['off', false],
  ])('may be %s', (value, isOn) => {
    expect(readConfig({ [variable]: value })).toHaveProperty(setting, isOn);
  });

  it.each(['true', 'OFF', '0', ' off'])('must not be %j', (value) => {
    expect(mistakesOf({ [variable]: value })).toEqual([`${variable} must be on or off, not "${value}".`]);
  });
});

it('names every mistake, in a line of its own', () => {
  expect(
    mistakesOf({ PORT: 'http', DATABASE_URL: 'mysql://x', CORS_ORIGINS: 'x', MAX_NAME_LENGTH: '0' }),
  ).toEqual([
    expect.stringMatching(/^DATABASE_URL must /),
    expect.stringMatching(/^PORT must /),
    expect.stringMatching(/^CORS_ORIGINS must /),
    expect.stringMatching(/^MAX_NAME_LENGTH must /),
  ]);
});

it('keeps a line a line, and short, whatever came', () => {
  const [mistake, ...more] = mistakesOf({ PORT: `4000\n\u001b[31m${'x'.repeat(10_000)}` });
  expect(more).toEqual([]);
  expect(mistake).toMatch(
    /^PORT must be a whole number from 0 to 65535, not "4000\\n\\u001b\[31mx{50,100}"\.$/,
  );
});
