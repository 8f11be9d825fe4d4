import type { Config } from './config.ts';
import { reasonOf } from './errors.ts';
import { createEngine } from './graphql/engine.ts';
import { createGraphqlHandlers, graphqlEndpoint, graphqlRoutes } from './graphql/routes.ts';
import { answerErrors } from './http/answer-errors.ts';
import { answerFacts } from './http/answer-facts.ts';
import { allowOrigins } from './http/cross-origin.ts';
import { createErrorDescriber } from './http/describe-error.ts';
import { refuseForeignPages } from './http/foreign-page.ts';
import { createGraphiql } from './http/graphiql.ts';
import { healthRoutes } from './http/health.ts';
import { limitAnswers } from './http/limit-answers.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { observeRequests } from './http/observe-requests.ts';
import { createBodyReader } from './http/read-body.ts';
import { refuseMalformedTargets } from './http/request-target.ts';
import { compressAnswers, createHttpServer, type HttpServer } from './http/server.ts';
import { admit, signIn } from './http/sign-in.ts';
import { limitTime } from './http/time-limit.ts';
import { varyByAccept } from './http/vary.ts';
import { createAuthenticator } from './identity/authenticator.ts';
import { createAccountOperations } from './operations/account-operations.ts';
import { createAuditTrail } from './operations/audit-trail.ts';
import { createScriptOperations } from './operations/script-operations.ts';
import { restRoutes } from './rest/rest-routes.ts';
import type { Store } from './store/store.ts';
import { readGatewayVersion } from './telemetry/gateway-version.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import type { Tracing } from './telemetry/tracing.ts';

/** Builds the gateway. The list at the end has the steps of every request, from top to bottom. */
export function createGateway(
  store: Store,
  config: Config,
  log: Logger = createLogger(config.logLevel),
  tracing?: Tracing,
): HttpServer {
  const { corsOrigins, limits } = config;
  const now = () => new Date();
  const metrics = createMetrics({
    version: readGatewayVersion(),
    database: store.provider,
    node: process.version,
  });
  for (const statistic of store.statistics) metrics.add(statistic);
  const trail = createAuditTrail(store, now, (events, error) => {
    for (const facts of events) log.error({ event: 'audit-failed', ...facts, reason: reasonOf(error) });
  });
  const scripts = createScriptOperations(store, limits, now, trail);
  const accounts = createAccountOperations(store, now);
  const authenticate = createAuthenticator({ accounts: store.accounts, config, log, now });
  const describe = createErrorDescriber(log, metrics);
  const readBody = createBodyReader(limits.maxBodyBytes);
  const engine = createEngine({ config, trail, describe, log, metrics, tracing });
  const graphql = createGraphqlHandlers(engine, { scripts, accounts, trail }, limits.maxResponseBytes);
  const graphiql = config.graphiql
    ? createGraphiql(graphqlEndpoint, { introspection: engine.tellsSchema })
    : undefined;

  return createHttpServer(config, [
    answerFacts,
    answerErrors(describe, graphql.refuse),
    observeRequests({ log, metrics, tracing }),
    limitTime(config.requestTimeoutMs),
    refuseMalformedTargets,
    (server) => allowOrigins(server, corsOrigins),
    varyByAccept,
    refuseForeignPages(corsOrigins),
    signIn({
      authenticate,
      trail,
      addUser: (origin, subject) => createAccountOperations(store, now, origin).add('user', subject, subject),
    }),
    admit(trail),
    limitAnswers(limits.maxResponseBytes),
    compressAnswers,

    healthRoutes(() => store.ping()),
    metricsRoute(metrics),
    ...(graphiql ? [graphiql.routes] : []),
    (server) => void server.register(graphqlRoutes(graphql, { readBody, page: graphiql?.page })),
    (server) => void server.register(restRoutes({ scripts, readBody, log })),
  ]);
}
