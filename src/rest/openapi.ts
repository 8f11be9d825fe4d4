import { httpStatusByCode } from '../errors.ts';
import { readGatewayVersion } from '../telemetry/gateway-version.ts';
import { components } from './components.ts';
import { operationOf } from './operations.ts';
import type { Route } from './route-table.ts';
import { scriptUrl } from './schemas.ts';

type Component = keyof typeof components.responses;

const refTo = (kind: keyof typeof components, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const responses = (names: readonly Component[]) =>
  Object.fromEntries(names.map((name) => [statusOf(name), refTo('responses', name)]));

/** The failures of all routes; below those of writes and of routes with a body. */
const failures: readonly Component[] = [
  'Unauthenticated',
  'Forbidden',
  'MethodNotAllowed',
  'NotAcceptable',
  'TooManyFailedSignIns',
  'InternalError',
  'Unavailable',
];
const writeFailures: readonly Component[] = [...failures, 'PreconditionFailed'];
const bodyFailures: readonly Component[] = [
  ...writeFailures,
  'BadRequest',
  'ContentTooLarge',
  'UnsupportedMediaType',
];

/** The OpenAPI 3.1 description of the REST API, made from its routes. */
export function describeApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replace(scriptUrl, '/dtrace/{uuid}').replace('*', '{path}');
    const parameters = [
      ...(path.includes('{uuid}') ? [refTo('parameters', 'Uuid')] : []),
      ...(path.includes('{path}') ? [refTo('parameters', 'MetadataPath')] : []),
    ];
    paths[path] ??= parameters.length > 0 ? { parameters } : {};
    (paths[path] ?? {})[route.method.toLowerCase()] = describeRoute(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'DTrace gateway',
      version: readGatewayVersion(),
      description:
        "FiFo's DTrace API: a library of DTrace scripts, guarded by permissions. The caller must hold the permission in `x-permission`; `$uuid` stands for the script in the path. Every path answers `OPTIONS`. Every path with `GET` also answers `HEAD`.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/' },
      {
        url: '/api/{version}',
        description: "FiFo's own addresses. All versions are the same.",
        variables: { version: { default: '0.1.0' } },
      },
    ],
    security: [{ bearer: [] }],
    paths,
    components,
  };
}

function describeRoute({ id, method, permission, body }: Route) {
  const { answer, failures: own, ...texts } = operationOf(id);
  const { status, ...response } = answer;
  const common = body !== undefined ? bodyFailures : method === 'GET' ? failures : writeFailures;
  return {
    operationId: id,
    ...texts,
    'x-permission': permission,
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: refTo('schemas', body) } },
          },
        }),
    responses: { ...responses([...common, ...own]), [status]: response },
  };
}

function statusOf(name: Component): number {
  switch (name) {
    case 'Done':
      return 204;
    case 'Unauthenticated':
      return httpStatusByCode.UNAUTHENTICATED;
    case 'Forbidden':
      return httpStatusByCode.FORBIDDEN;
    case 'NotFound':
      return httpStatusByCode.NOT_FOUND;
    case 'MethodNotAllowed':
      return 405;
    case 'NotAcceptable':
      return 406;
    case 'PreconditionFailed':
      return 412;
    case 'ContentTooLarge':
      return 413;
    case 'UnsupportedMediaType':
      return 415;
    case 'TooManyFailedSignIns':
      return 429;
    case 'InternalError':
      return httpStatusByCode.INTERNAL_SERVER_ERROR;
    case 'Unavailable':
      return httpStatusByCode.SERVICE_UNAVAILABLE;
    case 'BadRequest':
      return httpStatusByCode.BAD_USER_INPUT;
  }
}
