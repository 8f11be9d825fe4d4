import type { IncomingMessage, RequestListener } from 'node:http';
import { createYoga, useReadinessCheck } from 'graphql-yoga';
import type { Config } from '../config.ts';
import { reasonOf } from '../errors.ts';
import { createAuthenticator } from '../identity/authenticator.ts';
import { createAccountOperations } from '../operations/account-operations.ts';
import { createAnswerBudget } from '../operations/answer-budget.ts';
import { createAuditTrail } from '../operations/audit-trail.ts';
import { createScriptOperations } from '../operations/script-operations.ts';
import { createRest } from '../rest/rest.ts';
import { createShortRead } from '../rest/short-read.ts';
import type { GatewayContext, RequestContext } from '../schema/context.ts';
import { createSchema } from '../schema/schema.ts';
import type { Store } from '../store/store.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { readVersion } from '../telemetry/read-version.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { compress } from './compress.ts';
import { corsFor } from './cors.ts';
import { createErrorDescriber } from './describe-error.ts';
import { createDocumentCache } from './document-cache.ts';
import { documentRules } from './document-rules.ts';
import { createDoorway } from './doorway.ts';
import { observeRequests } from './observe-requests.ts';
import { originOf } from './origin.ts';
import { readPersistedDocuments } from './persisted-documents.ts';
import { createBodyReader } from './read-body.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { settleHeaders } from './settle-headers.ts';
import { shortRest } from './short-rest.ts';
import { createSignIn } from './sign-in.ts';
import { createTimeLimit } from './time-limit.ts';
import { useAutomaticPersistedQueries } from './use-automatic-persisted-queries.ts';
import { useBodyLimit } from './use-body-limit.ts';

import { useCostLimit } from './use-cost-limit.ts';
import { useDocumentLimit } from './use-document-limit.ts';
import { useDocumentRules } from './use-document-rules.ts';
import { useErrorCodes } from './use-error-codes.ts';
import { useGraphiql } from './use-graphiql.ts';
import { useHomeRedirect } from './use-home-redirect.ts';
import { useJsonInput } from './use-json-input.ts';
import { useOperationLimit } from './use-operation-limit.ts';
import { useOperationTelemetry } from './use-operation-telemetry.ts';
import { usePersistedDocuments } from './use-persisted-documents.ts';
import { useRefusalRecords } from './use-refusal-records.ts';
import { useRequestId } from './use-request-id.ts';
import { useRest } from './use-rest.ts';
import { useSameSite } from './use-same-site.ts';
import { useScriptTexts } from './use-script-texts.ts';
import { useTimeLimit } from './use-time-limit.ts';
import { useViewer } from './use-viewer.ts';

export const graphqlEndpoint = '/graphql';

/** The HTTP face of the gateway. */
export interface Gateway {
  /** Takes requests from a server of `node:http`. */
  readonly listener: RequestListener;
  /** Takes requests of the fetch API, past everything that is about sockets. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** A request that came over a socket has it in Node's form, too; one through the doorway has it in no other. */
interface Received extends RequestContext {
  readonly request: Request;
  readonly req?: IncomingMessage;
}

/** Puts the gateway together. The list of plug-ins is a request's life, from top to bottom. */
export function createGateway(
  store: Store,
  config: Config,
  log: Logger = createLogger(config.logLevel),
  tracing?: Tracing,
): Gateway {
  const { corsOrigins } = config;
  const now = () => new Date();
  const metrics = createMetrics({ version: readVersion(), database: store.provider, node: process.version });
  for (const statistic of store.statistics) metrics.add(statistic);
  const trail = createAuditTrail(store, now, (events, error) => {
    for (const facts of events) log.error({ event: 'audit-failed', ...facts, reason: reasonOf(error) });
  });
  const scripts = createScriptOperations(store, config.limits, now, trail);
  const accounts = createAccountOperations(store, now);
  const authenticate = createAuthenticator({ accounts: store.accounts, config, log, now });
  const signIn = createSignIn(authenticate, trail, (origin, subject) =>
    createAccountOperations(store, now, origin).add('user', subject, subject),
  );
  const doorway = createDoorway({
    endpoint: graphqlEndpoint,
    maxBodyBytes: config.limits.maxBodyBytes,
    signIn,
  });
  const describe = createErrorDescriber(log, metrics);
  const inTime = createTimeLimit(config.requestTimeoutMs);
  const readBody = createBodyReader(config.limits.maxBodyBytes);

  const schema = createSchema(config);
  const rules = documentRules(config);
  const persisted = readPersistedDocuments(config, schema, rules);

  const yoga = createYoga<RequestContext, GatewayContext>({
    schema,
    graphqlEndpoint,
    landingPage: false,
    healthCheckEndpoint: '/health/live',
    // The gateway has a page of its own: useGraphiql.
    graphiql: false,
    cors: corsFor(corsOrigins),
    // Bodies are limited by useBodyLimit, as they are for REST.
    maxRequestBodySize: false,
    multipart: false,
    // The limit itself, and what it says, is useOperationLimit.
    batching: { limit: config.limits.maxOperations },
    logging: false,
    // Every error, masked ones included, is put into its final form in one place: useErrorCodes.
    maskedErrors: false,
    parserAndValidationCache: {
      documentCache: createDocumentCache(),
      errorCache: createDocumentCache(),
    },
    extraParamNames: persisted ? ['documentId'] : [],
    plugins: [
      useRequestId(),
      ...(config.graphiql
        ? [
            useHomeRedirect(graphqlEndpoint),
            useGraphiql(graphqlEndpoint, { introspection: config.introspection && !persisted }),
          ]
        : []),
      useReadinessCheck({ endpoint: '/health/ready', check: () => isReady(store) }),
      useRest(createRest({ scripts, trail, signIn, readBody, describe, metrics, log, inTime, corsOrigins })),
      useSameSite(corsOrigins),
      useJsonInput(),
      useBodyLimit(readBody),
      useOperationLimit(config.limits.maxOperations),
      doorway.plugin,
      useViewer(signIn),
      ...(persisted ? usePersistedDocuments(persisted) : []),
      ...(config.automaticPersistedQueries ? [useAutomaticPersistedQueries()] : []),
      useDocumentLimit(config.limits.maxDocumentTokens),
      useDocumentRules(rules),
      useCostLimit(config.limits),
      useScriptTexts(schema),
      useTimeLimit(inTime),
      useOperationTelemetry(log, metrics, tracing),
      useRefusalRecords(trail),
      useErrorCodes(describe, { suggestions: config.introspection }),
    ],
    context: ({ viewer, request, req }: Received) => ({
      viewer,
      scripts,
      accounts,
      trail,
      budget: createAnswerBudget(config.limits.maxResponseBytes),
      origin: () => originOf(req ?? request, viewer, 'GRAPHQL'),
    }),
  });

  const listener = doorway.listener(yoga);
  // What is read the short way is not logged by itself, and says nothing to pages of other sites.
  const hasShortReads = corsOrigins.length === 0 && !log.isLevelEnabled('debug');

  return {
    listener: settleHeaders(
      config.trustProxy,
      observeRequests(
        { log, metrics, tracing },
        refuseMalformed(
          compress(hasShortReads ? shortRest(createShortRead(scripts, signIn, inTime), listener) : listener),
        ),
      ),
    ),
    fetch: async (url, init = {}) => yoga.fetch(url, init),
  };
}

async function isReady(store: Store): Promise<boolean> {
  try {
    await store.ping();
    return true;
  } catch {
    return false;
  }
}
