import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findContentFault } from '../http/find-content-fault.ts';
import { refuseOtherMethods } from '../http/other-methods.ts';
import type { ReadBody } from '../http/read-body.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import { parsePermission } from '../permissions/permission.ts';
import type { Logger } from '../telemetry/logger.ts';
import { checkAccept } from './check-accept.ts';
import { checkNoConditions } from './check-no-conditions.ts';
import { openApiRoute } from './openapi-route.ts';
import { parseObject } from './parse-object.ts';
import { createRouteTable, type Route } from './route-table.ts';
import { createBodyCheck } from './schemas.ts';

/** FiFo serves all versions of its API in the same way, and so does the gateway. */
const prefixes = ['', '/api/:version([^/]+)'];

export interface RestDependencies {
  readonly scripts: ScriptOperations;
  readonly readBody: ReadBody;
  readonly log: Logger;
}

/**
 * The REST API: FiFo's routes with their permissions.
 *
 * The steps of the server come first: they check the method, the page that sent the request, the token and the permission.
 * Then the headers are checked, then the body.
 */
export function restRoutes({ scripts, readBody, log }: RestDependencies) {
  const routes = createRouteTable(scripts);
  const isLogged = log.isLevelEnabled('debug');

  return async (server: FastifyInstance): Promise<void> => {
    server.setValidatorCompiler(createBodyCheck());
    server.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
      if (request.routeOptions.schema?.body !== undefined) return parseObject(await readBody(payload));
      payload.resume();
      return undefined;
    });
    for (const prefix of prefixes) {
      for (const route of routes) addRoute(server, prefix, route);
      for (const [url, methods] of methodsByUrl(routes)) refuseOtherMethods(server, prefix + url, methods);
    }
    openApiRoute(server, routes);
  };

  function addRoute(server: FastifyInstance, prefix: string, route: Route): void {
    const { method, url, permission, action, body, handle } = route;
    server.route({
      method,
      url: prefix + url,
      config: { face: 'rest', requires: { permission: parsePermission(permission), action } },
      ...(body === undefined ? {} : { schema: { body: { $ref: body } } }),
      onRequest: async ({ id, headers, viewer }) => {
        checkAccept(headers.accept);
        if (method !== 'GET') checkNoConditions(headers);
        const fault = body === undefined ? null : findContentFault(headers);
        if (fault) throw fault;
        if (isLogged) log.debug({ event: 'operation', requestId: id, user: viewer?.name, permission });
      },
      handler: handle,
    });
  }
}

function methodsByUrl(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { url, method } of routes) methods.set(url, [...(methods.get(url) ?? []), method]);
  return methods;
}
