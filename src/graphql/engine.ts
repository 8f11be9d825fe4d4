import { YogaServer } from 'graphql-yoga';
import type { Config } from '../config.ts';
import type { DescribeError } from '../http/describe-error.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import { createSchema } from '../schema/schema.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { documentRules } from './document-rules.ts';
import { Answer, type AskedRequest } from './exchange.ts';
import type { RequestContext } from './operation-context.ts';
import { readPersistedDocuments } from './persisted-documents.ts';
import { createDocuments } from './prepared-document.ts';
import { useAnswerLimit } from './use-answer-limit.ts';
import { useAutomaticPersistedQueries } from './use-automatic-persisted-queries.ts';
import { useCostLimit } from './use-cost-limit.ts';
import { useErrorCodes } from './use-error-codes.ts';
import { useExecution } from './use-execution.ts';
import { useJsonInput } from './use-json-input.ts';
import { useOperationLimit } from './use-operation-limit.ts';
import { useOperationTelemetry } from './use-operation-telemetry.ts';
import { usePersistedDocuments } from './use-persisted-documents.ts';
import { usePreparedDocuments } from './use-prepared-documents.ts';
import { useRefusalRecords } from './use-refusal-records.ts';
import { useSplicedJson } from './use-spliced-json.ts';

/** Answers a request of GraphQL, in whichever form it comes. Never rejects. */
export type Engine = (request: AskedRequest, context: RequestContext) => Promise<Answer>;

export interface EngineDependencies {
  readonly config: Config;
  readonly trail: AuditTrail;
  readonly describe: DescribeError;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

/**
 * Yoga, for parameters of every kind, lists of operations, negotiation and streams. The list of plug-ins is the life of an
 * operation, from top to bottom.
 *
 * @throws ConfigError when the file of PERSISTED_DOCUMENTS cannot be used
 */
export function createEngine({ config, trail, describe, log, metrics, tracing }: EngineDependencies): {
  readonly answer: Engine;
  /** Whether documents may ask about the schema. */
  readonly tellsSchema: boolean;
} {
  const { limits, introspection } = config;
  const schema = createSchema(config);
  const rules = documentRules(config);
  const persisted = readPersistedDocuments(config, schema, rules);

  // The server itself: what `createYoga` puts around it is about the fetch API.
  const yoga = new YogaServer<RequestContext, object>({
    schema,
    fetchAPI: { Response: Answer as unknown as typeof Response },
    // What is outside of GraphQL is the server's.
    landingPage: false,
    graphiql: false,
    cors: false,
    maxRequestBodySize: false,
    multipart: false,
    logging: false,
    // The limit itself, and what it says, is useOperationLimit.
    batching: { limit: limits.maxOperations },
    // Every error, masked ones included, is put into its final form in one place: useErrorCodes.
    maskedErrors: false,
    // What is known of documents is kept in one place: usePreparedDocuments.
    parserAndValidationCache: false,
    extraParamNames: persisted ? ['documentId'] : [],
    plugins: [
      useJsonInput(),
      useOperationLimit(limits.maxOperations),
      ...(persisted ? usePersistedDocuments(persisted) : []),
      ...(config.automaticPersistedQueries ? [useAutomaticPersistedQueries()] : []),
      usePreparedDocuments(createDocuments(schema, limits), rules),
      useCostLimit(limits.maxCost),
      useExecution(tracing),
      useAnswerLimit(),
      useOperationTelemetry(log, metrics),
      useRefusalRecords(trail),
      useErrorCodes(describe, { suggestions: introspection }),
      useSplicedJson(),
    ],
  });

  return {
    answer: async (request, context) => {
      const answer: unknown = await yoga.handle(request as unknown as Request, context as never);
      if (answer instanceof Answer) return answer;
      throw new TypeError('GraphQL answered something else than an answer.');
    },
    tellsSchema: introspection && !persisted,
  };
}
