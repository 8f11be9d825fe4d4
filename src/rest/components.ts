import { httpStatusByCode } from '../errors.ts';

const header = (description: string, schema: object = { type: 'string' }) => ({ description, schema });

const json = (schema: object) => ({ 'application/json': { schema } });

const failure = (description: string) => ({
  description,
  headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
  content: json({ $ref: '#/components/schemas/Error' }),
});

const uuid = {
  type: 'string',
  format: 'uuid',
  description: 'In lower case.',
  examples: ['b7c658e0-2ddb-46dd-8973-4a59ffc9957e'],
} as const;

const name = {
  type: 'string',
  minLength: 1,
  description: 'What people call the script. It need not be unique.',
};
const script = {
  type: 'string',
  minLength: 1,
  description: 'D source with `$name$` placeholders, which `config` fills.',
};
const config = { type: 'object', description: 'Values for the placeholders, by name.' };
const metadata = { type: 'object', description: 'What tools keep beside the script.' };

/** What the paths of the description refer to. */
export const components = {
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description:
        'A token of the gateway, as `dtrace-gateway tokens create` prints it, or a JSON Web Token of the issuer that the gateway trusts.',
    },
  },

  schemas: {
    Uuid: uuid,
    Script: {
      type: 'object',
      description: 'A DTrace script, with exactly the members that FiFo documents.',
      required: ['uuid', 'name', 'script', 'config', 'metadata'],
      additionalProperties: false,
      properties: { uuid, name, script, config, metadata },
    },
    PartialScript: {
      type: 'object',
      description: 'The members of a script that `x-full-list-fields` names, or all.',
      additionalProperties: false,
      properties: { uuid, name, script, config, metadata },
    },
    NewScript: {
      type: 'object',
      required: ['name', 'script'],
      additionalProperties: false,
      properties: { name, script, config, metadata },
    },
    ScriptChanges: {
      type: 'object',
      description: 'What is left out stays as it is. `config` is replaced as a whole.',
      minProperties: 1,
      additionalProperties: false,
      properties: { name, script, config },
    },
    Metadata: {
      type: 'object',
      description: 'Keys and the values to store under them, `null` included.',
      minProperties: 1,
    },
    Error: {
      type: 'object',
      required: ['error'],
      additionalProperties: false,
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message'],
          additionalProperties: false,
          properties: {
            code: { enum: Object.keys(httpStatusByCode), description: 'For programs.' },
            message: { type: 'string', description: 'For people: what is wrong, and how to mend it.' },
            argument: { type: 'string', description: 'Which part of the input is wrong.' },
            permission: { type: 'string', description: 'The permission that the caller lacks.' },
            requestId: { type: 'string', description: 'The id of the request: where to look in the log.' },
          },
        },
      },
    },
  },

  headers: {
    RequestId: header('The id of the request, which the log has too. One that the request brings is kept.'),
    Vary: header('Always names `accept`.'),
    Location: header("The new script's address, with the prefix that the request came with."),
    Link: header('The next page, `rel="next"`, when `first` was given and more scripts follow.'),
    Authenticate: header('Always `Bearer`.', { const: 'Bearer' }),
    Allow: header('The methods that there are.'),
    RetryAfter: header('Seconds to wait.', { type: 'integer', minimum: 1 }),
  },

  parameters: {
    Uuid: {
      name: 'uuid',
      in: 'path',
      required: true,
      description: "The script's UUID, in upper or lower case. Anything else there is answered with 404.",
      schema: { type: 'string', format: 'uuid' },
    },
    MetadataPath: {
      name: 'path',
      in: 'path',
      required: true,
      description:
        'Keys from the root inwards, with slashes between them, each percent-encoded: `%2F` is a slash within a key. A slash at the end counts for nothing.',
      schema: { type: 'string' },
      example: 'jingles/notes',
    },
  },

  responses: {
    Done: {
      description: 'It is done, and on disk.',
      headers: {
        vary: { $ref: '#/components/headers/Vary' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    BadRequest: failure('The input is wrong; nothing was changed.'),
    Unauthenticated: {
      ...failure('There is no token, or it is unknown, expired or revoked.'),
      headers: {
        'www-authenticate': { $ref: '#/components/headers/Authenticate' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    Forbidden: failure('The caller lacks the permission. Says nothing about whether the script exists.'),
    NotFound: failure('There is no such script, or no such metadata key.'),
    MethodNotAllowed: {
      ...failure('The address has other methods.'),
      headers: {
        allow: { $ref: '#/components/headers/Allow' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    NotAcceptable: failure('The header `accept` rules out `application/json`.'),
    PreconditionFailed: failure('A write with `if-match` or another condition, which are not supported.'),
    ContentTooLarge: failure('The body is larger than `MAX_BODY_BYTES`.'),
    UnsupportedMediaType: failure('The body is not `application/json`.'),
    TooManyFailedSignIns: {
      ...failure('More than `MAX_FAILED_SIGN_INS` bad tokens came from the address within a minute.'),
      headers: {
        'retry-after': { $ref: '#/components/headers/RetryAfter' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    InternalError: failure('Something went wrong on our side; `requestId` says where to look in the log.'),
    Unavailable: failure('The database, or the issuer of a token, cannot be reached. Try again in a moment.'),
  },
} as const;
