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
  description: 'The name of the script. It need not be unique.',
};
const script = {
  type: 'string',
  minLength: 1,
  description: 'D source with `$name$` placeholders, which `config` fills.',
};
const config = { type: 'object', description: 'Values of the placeholders, by name.' };
const metadata = { type: 'object', description: 'Data that tools store with the script.' };

/** The components that the paths refer to. */
export const components = {
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description:
        'A token that `dtrace-gateway tokens create` prints, or a JSON Web Token of the configured issuer.',
    },
  },

  schemas: {
    Uuid: uuid,
    Script: {
      type: 'object',
      description: 'A DTrace script, with the members that FiFo documents.',
      required: ['uuid', 'name', 'script', 'config', 'metadata'],
      additionalProperties: false,
      properties: { uuid, name, script, config, metadata },
    },
    PartialScript: {
      type: 'object',
      description: 'The members of a script that `x-full-list-fields` names, or all members.',
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
      description: 'Members that are left out stay as they are. `config` is replaced as a whole.',
      minProperties: 1,
      additionalProperties: false,
      properties: { name, script, config },
    },
    Metadata: {
      type: 'object',
      description: 'Keys and their values. `null` is stored as null.',
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
            code: { enum: Object.keys(httpStatusByCode), description: 'The code, for programs.' },
            message: { type: 'string', description: 'For people: the error, and how to mend it.' },
            argument: { type: 'string', description: 'The wrong part of the input.' },
            permission: { type: 'string', description: 'The missing permission.' },
            requestId: { type: 'string', description: 'The id of the request, also in the log.' },
          },
        },
      },
    },
  },

  headers: {
    RequestId: header('The id of the request, also in the log. The request may set it.'),
    Vary: header('Always contains `accept`.'),
    Location: header('The address of the new script, with the same prefix as the request.'),
    Link: header('The next page, `rel="next"`, if `first` was given and there are more scripts.'),
    Authenticate: header('Always `Bearer`.', { const: 'Bearer' }),
    Allow: header('The allowed methods.'),
    RetryAfter: header('Seconds to wait.', { type: 'integer', minimum: 1 }),
  },

  parameters: {
    Uuid: {
      name: 'uuid',
      in: 'path',
      required: true,
      description: 'The UUID of the script, in upper or lower case. Any other text is answered with 404.',
      schema: { type: 'string', format: 'uuid' },
    },
    MetadataPath: {
      name: 'path',
      in: 'path',
      required: true,
      description:
        'Keys from the root to the value, with slashes between them. Each key is percent-encoded: `%2F` is a slash in a key. A slash at the end is ignored.',
      schema: { type: 'string' },
      example: 'jingles/notes',
    },
  },

  responses: {
    Done: {
      description: 'Done, and stored on disk.',
      headers: {
        vary: { $ref: '#/components/headers/Vary' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    BadRequest: failure('The input is wrong. Nothing was changed.'),
    Unauthenticated: {
      ...failure('The token is missing, unknown, expired or revoked.'),
      headers: {
        'www-authenticate': { $ref: '#/components/headers/Authenticate' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    Forbidden: failure(
      'The caller does not have the permission. The answer does not tell whether the script exists.',
    ),
    NotFound: failure('The script or the metadata key does not exist.'),
    MethodNotAllowed: {
      ...failure('The address does not have this method.'),
      headers: {
        allow: { $ref: '#/components/headers/Allow' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    NotAcceptable: failure('The header `accept` does not allow `application/json`.'),
    PreconditionFailed: failure(
      'The write has `if-match` or another condition. Conditions are not supported.',
    ),
    ContentTooLarge: failure('The body is larger than `MAX_BODY_BYTES`.'),
    UnsupportedMediaType: failure('The body is not `application/json`.'),
    TooManyFailedSignIns: {
      ...failure('The address sent more than `MAX_FAILED_SIGN_INS` bad tokens within a minute.'),
      headers: {
        'retry-after': { $ref: '#/components/headers/RetryAfter' },
        'x-request-id': { $ref: '#/components/headers/RequestId' },
      },
    },
    InternalError: failure('The gateway failed. The log has details under `requestId`.'),
    Unavailable: failure('The database or the issuer of the token cannot be reached. Try again in a moment.'),
  },
} as const;
