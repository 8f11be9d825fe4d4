import { components } from './openapi-components.ts';

type Component = keyof typeof components.responses;
type Schema = keyof typeof components.schemas;

const response = (name: Component) => ({ $ref: `#/components/responses/${name}` });
const schema = (name: Schema) => ({ $ref: `#/components/schemas/${name}` });
const parameter = (name: keyof typeof components.parameters) => ({
  $ref: `#/components/parameters/${name}`,
});
const headers = (names: Readonly<Record<string, keyof typeof components.headers>>) =>
  Object.fromEntries(
    Object.entries({ vary: 'Vary', 'x-request-id': 'RequestId', ...names }).map(([header, name]) => [
      header,
      { $ref: `#/components/headers/${name}` },
    ]),
  );
const jsonOf = (contents: object) => ({ 'application/json': { schema: contents } });
const bodyOf = (name: Schema) => ({ required: true, content: jsonOf(schema(name)) });

/** What any route may answer. */
const failures = {
  401: response('Unauthenticated'),
  403: response('Forbidden'),
  405: response('MethodNotAllowed'),
  406: response('NotAcceptable'),
  429: response('TooManyFailedSignIns'),
  500: response('InternalError'),
  503: response('Unavailable'),
};
const writeFailures = { ...failures, 412: response('PreconditionFailed') };
const bodyFailures = {
  ...writeFailures,
  400: response('BadRequest'),
  413: response('ContentTooLarge'),
  415: response('UnsupportedMediaType'),
};

const setMetadata = {
  description:
    'Sets every key of the body in the object that the path names, all or none, and leaves the rest alone. Objects on the way are created; anything else in the way is answered with 400. At most 1,000 keys, at least one.',
  'x-permission': 'dtrace->$uuid->edit',
  requestBody: bodyOf('Metadata'),
  responses: { 204: response('Done'), ...bodyFailures, 404: response('NotFound') },
};

/** The description of the REST API that `GET /openapi.json` answers. */
export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'DTrace gateway',
    version: '0.1.0',
    description:
      "FiFo's DTrace API: a library of DTrace scripts, guarded by permissions. `x-permission` is what a caller must hold, `$uuid` standing for the script of the path. Every path answers `OPTIONS`, and `HEAD` where it answers `GET`.",
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [
    { url: '/' },
    {
      url: '/api/{version}',
      description: "FiFo's own addresses. Every version is the same.",
      variables: { version: { default: '0.1.0' } },
    },
  ],
  security: [{ bearer: [] }],
  paths: {
    '/dtrace': {
      get: {
        operationId: 'listScripts',
        summary: 'Lists all dtrace scripts.',
        description:
          'Only scripts that the caller may `get`, the oldest first. Without `first` all of them; when there are more than `MAX_LIST_SIZE`, that is an error (400) which asks for paging.',
        'x-permission': 'cloud->dtrace->list',
        parameters: [
          {
            name: 'x-full-list',
            in: 'header',
            description: '`true` to get objects instead of UUIDs.',
            schema: { type: 'string' },
          },
          {
            name: 'x-full-list-fields',
            in: 'header',
            description:
              'The members of those objects, separated by commas. Unknown names are ignored; without the header every member is there.',
            schema: { type: 'string' },
            example: 'uuid,name',
          },
          {
            name: 'full-list',
            in: 'query',
            description: "The same as `x-full-list`, which goes before it: FiFo's command line sends it so.",
            schema: { type: 'string' },
          },
          {
            name: 'full-list-fields',
            in: 'query',
            description: 'The same as `x-full-list-fields`, which goes before it.',
            schema: { type: 'string' },
          },
          {
            name: 'first',
            in: 'query',
            description: 'How many scripts at most. Not in FiFo.',
            schema: { type: 'integer', minimum: 0 },
          },
          {
            name: 'after',
            in: 'query',
            description: 'The UUID of the script of the list to continue behind. Not in FiFo.',
            schema: { type: 'string', format: 'uuid' },
          },
        ],
        responses: {
          200: {
            description: 'The list.',
            headers: headers({ link: 'Link' }),
            content: jsonOf({
              oneOf: [
                { type: 'array', items: schema('Uuid') },
                { type: 'array', minItems: 1, items: schema('PartialScript') },
              ],
            }),
          },
          ...failures,
          400: response('BadRequest'),
        },
      },
      post: {
        operationId: 'createScript',
        summary: 'Creates a dtrace script.',
        description: 'Its creator is granted `dtrace->UUID->...`.',
        'x-permission': 'cloud->dtrace->create',
        requestBody: bodyOf('NewScript'),
        responses: {
          303: { description: 'It is created.', headers: headers({ location: 'Location' }) },
          ...bodyFailures,
        },
      },
    },
    '/dtrace/{uuid}': {
      parameters: [parameter('Uuid')],
      get: {
        operationId: 'readScript',
        summary: 'Returns dtrace script for given uuid.',
        'x-permission': 'dtrace->$uuid->get',
        responses: {
          200: { description: 'The script.', headers: headers({}), content: jsonOf(schema('Script')) },
          ...failures,
          404: response('NotFound'),
        },
      },
      put: {
        operationId: 'editScript',
        summary: 'Edits dtrace script with given uuid.',
        description: 'FiFo documents the route and does not support it; the gateway does.',
        'x-permission': 'dtrace->$uuid->edit',
        requestBody: bodyOf('ScriptChanges'),
        responses: { 204: response('Done'), ...bodyFailures, 404: response('NotFound') },
      },
      delete: {
        operationId: 'deleteScript',
        summary: 'Deletes dtrace script with given uuid.',
        description: 'And every grant that names it.',
        'x-permission': 'dtrace->$uuid->delete',
        responses: { 204: response('Done'), ...writeFailures, 404: response('NotFound') },
      },
    },
    '/dtrace/{uuid}/metadata': {
      parameters: [parameter('Uuid')],
      put: {
        operationId: 'setRootMetadata',
        summary: 'Sets metadata keys for dtrace with given uuid, at the root.',
        ...setMetadata,
      },
    },
    '/dtrace/{uuid}/metadata/{path}': {
      parameters: [parameter('Uuid'), parameter('MetadataPath')],
      put: {
        operationId: 'setMetadata',
        summary: 'Sets metadata keys for dtrace with given uuid.',
        ...setMetadata,
      },
      delete: {
        operationId: 'unsetMetadata',
        summary: 'Removes a metadata key for dtrace with given uuid.',
        'x-permission': 'dtrace->$uuid->edit',
        responses: {
          204: response('Done'),
          ...writeFailures,
          400: response('BadRequest'),
          404: response('NotFound'),
        },
      },
    },
  },
  components,
} as const;
