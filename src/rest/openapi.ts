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

/** What any route may answer, any write, and any that takes a body. */
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

/** The description of the REST API, made of its routes: OpenAPI 3.1. */
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
