import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import { type AuditAction, refusalOf } from '../audit/audit-event.ts';
import { HttpRequestError, NotFoundError, UnauthenticatedError } from '../errors.ts';
import type { DescribeError } from '../http/describe-error.ts';
import { refuseForeignPage } from '../http/foreign-page.ts';
import { originOf } from '../http/origin.ts';
import type { ReadBody } from '../http/read-body.ts';
import { requestFactsOf } from '../http/settle-headers.ts';
import type { SignIn } from '../http/sign-in.ts';
import type { TimeLimit } from '../http/time-limit.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import { findRefusal } from '../permissions/find-refusal.ts';
import { type Permission, parsePermission } from '../permissions/permission.ts';
import { type Logger, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { checkAccept } from './check-accept.ts';
import { checkNoConditions } from './check-no-conditions.ts';
import { openApi } from './openapi.ts';
import type { RestContext, RestEnv } from './rest-context.ts';
import { createRoutes, type Route, uuidOf } from './routes.ts';

/**
 * Answers a request in the manner of FiFo's API, or `undefined` when it is not addressed to it.
 *
 * @param received - the same request, where it came over a socket
 */
export type Rest = (request: Request, received?: IncomingMessage) => Promise<Response | undefined>;

export interface RestDependencies {
  readonly scripts: ScriptOperations;
  readonly trail: AuditTrail;
  readonly signIn: SignIn;
  readonly readBody: ReadBody;
  readonly describe: DescribeError;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly inTime: TimeLimit;
  /** The origins whose pages may call, `*` for all. */
  readonly corsOrigins: readonly string[];
}

/** FiFo serves every version of its API alike, and so does the gateway. */
const prefixes = ['', '/api/:version'];

/** What `GET /metrics` takes. */
const readMetrics = parsePermission('cloud->metrics->get');

/**
 * Creates the REST doorway: FiFo's routes, guarded, and errors as JSON.
 *
 * A request is refused for its method, the page that it comes from, its caller, the caller's permission, its headers and
 * its body, in this order.
 */
export function createRest({
  scripts,
  trail,
  signIn,
  readBody,
  describe,
  metrics,
  log,
  inTime,
  corsOrigins,
}: RestDependencies): Rest {
  const app = new Hono<RestEnv>({ getPath: pathOf });
  const routes = createRoutes(scripts, readBody);
  const isLogged = log.isLevelEnabled('debug');

  for (const prefix of prefixes) {
    for (const route of routes) app.on(route.method, prefix + route.path, guarded(route));
    for (const [path, methods] of methodsByPath(routes)) app.all(prefix + path, otherMethod(methods));
    app.all(`${prefix}/dtrace/*`, () => {
      throw new NotFoundError('There is nothing at this address: is the UUID complete?');
    });
  }
  app.get('/openapi.json', (c) => c.json(openApi));
  app.all('/openapi.json', otherMethod(['GET']));
  app.get('/metrics', async (c) => {
    await admit(c, readMetrics, 'READ_METRICS');
    const { text, contentType } = await metrics.print();
    return c.body(text, 200, { 'content-type': contentType });
  });
  app.all('/metrics', otherMethod(['GET']));

  app.notFound((c) => {
    c.env.isOurs = false;
    return c.body(null, 404);
  });
  app.onError((error, c) => {
    const { method, path } = c.req;
    const about = { method, path: shorten(path), user: c.get('viewer')?.name };
    const { code, message, details, http } = describe(error, requestFactsOf(c.req.raw), about);
    return Response.json({ error: { code, message, ...details } }, http);
  });

  return async (request, received) => {
    const env = { isOurs: true, received };
    const response = await app.fetch(request, env);
    return env.isOurs ? response : undefined;
  };

  function guarded({ method, permission, action, handle }: Route) {
    const required = parsePermission(permission);
    return async (c: RestContext): Promise<Response> => {
      const viewer = await admit(c, required, action);
      checkAccept(c.req.header('accept'));
      if (method !== 'GET') checkNoConditions(c.req.raw.headers);
      if (isLogged) {
        const requestId = requestFactsOf(c.req.raw).id;
        log.debug({ event: 'operation', requestId, user: viewer.name, permission });
      }
      return inTime(handle(c));
    };
  }

  /** @throws HttpRequestError (403) for a page of another site, UnauthenticatedError, ForbiddenError */
  async function admit(c: RestContext, required: Permission, action: AuditAction): Promise<Viewer> {
    refuseForeignPage(c.req.raw.headers, corsOrigins);
    const viewer = await signIn(c.env.received ?? c.req.raw, 'REST');
    if (viewer === null) throw new UnauthenticatedError();
    const origin = () => originOf(c.req.raw, viewer, 'REST');
    c.set('viewer', viewer);
    c.set('origin', origin);
    const refusal = findRefusal(viewer, [required], { uuid: uuidOf(c) });
    if (refusal) {
      await trail.refused(origin(), [refusalOf(refusal, action)]);
      throw refusal;
    }
    return viewer;
  }
}

/**
 * The path as it came, less a slash at its end. Not by way of `URL`, which would take a metadata key `..` for a step
 * upwards and turn the removal of that key into the removal of the script.
 */
function pathOf({ url }: Request): string {
  const path = /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

/** Answers OPTIONS, and refuses every other method that the path does not have. */
function otherMethod(methods: readonly string[]) {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (c: RestContext) => {
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
    throw new HttpRequestError(405, `There is no ${c.req.method} here, only ${allow}.`, { allow });
  };
}
