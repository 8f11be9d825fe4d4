import type { ExecutionResult } from 'graphql';
import { YogaServer } from 'graphql-yoga';
import type { Config } from '../config.ts';
import type { DescribeError } from '../http/describe-error.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import { createSchema } from '../schema/schema.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { createResultAnswer } from './answer-result.ts';
import { createResultDescriber, toGraphqlError } from './describe-result.ts';
import { documentRules } from './document-rules.ts';
import type { Answer, AskedRequest } from './exchange.ts';
import { createHashedDocuments } from './find-hashed-document.ts';
import { createRegisteredDocuments } from './find-registered-document.ts';
import type { RequestContext } from './operation-context.ts';
import { checkParameters, type FindDocument, type SentParameters } from './operation-parameters.ts';
import { type PersistedDocuments, readPersistedDocuments } from './persisted-documents.ts';
import { createDocuments } from './prepared-document.ts';
import { readOperations } from './read-operations.ts';
import { useExecution } from './use-execution.ts';
import { usePreparedDocuments } from './use-prepared-documents.ts';

/** Answers GraphQL requests of every form. Never rejects. */
export interface Engine {
  answer(request: AskedRequest, context: RequestContext): Promise<Answer>;
  /** Answers an error that a step before GraphQL met. */
  refuse(request: AskedRequest, error: unknown): Promise<Answer>;
  /** Whether documents may ask about the schema. */
  readonly tellsSchema: boolean;
}

export interface EngineDependencies {
  readonly config: Config;
  readonly trail: AuditTrail;
  readonly describe: DescribeError;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

/**
 * The engine is Yoga. Its HTTP layer, on the fetch API, is not used: the server does that work.
 *
 * @throws ConfigError when the file of PERSISTED_DOCUMENTS cannot be used
 */
export function createEngine({ config, trail, describe, log, metrics, tracing }: EngineDependencies): Engine {
  const { limits, introspection } = config;
  const schema = createSchema(config);
  const rules = documentRules(config);
  const persisted = readPersistedDocuments(config, schema, rules);
  const findDocument = documentsOf(config, persisted);
  const answerResult = createResultAnswer(createResultDescriber(describe, { suggestions: introspection }));

  const yoga = new YogaServer<RequestContext, object>({
    schema,
    logging: false,
    // One place gives every error its final form, masked ones included: createResultDescriber.
    maskedErrors: false,
    // One place caches documents: usePreparedDocuments.
    parserAndValidationCache: false,
    plugins: [
      usePreparedDocuments(createDocuments(schema, limits), rules),
      useExecution({ maxCost: limits.maxCost, trail, log, metrics, tracing }),
    ],
  });

  return {
    answer: async (request, context) => {
      const { id, headers } = request;
      let result: ExecutionResult | readonly ExecutionResult[];
      try {
        const operations = readOperations(request, limits.maxOperations);
        result = Array.isArray(operations)
          ? await Promise.all(operations.map((one) => execute(request, one, Object.create(context))))
          : await execute(request, operations as SentParameters, context);
      } catch (error) {
        result = { errors: [toGraphqlError(error)] };
      }
      return answerResult(result, headers.get('accept'), id);
    },
    refuse: async ({ headers, id }, error) =>
      answerResult({ errors: [toGraphqlError(error)] }, headers.get('accept'), id),
    tellsSchema: introspection && !persisted,
  };

  /** Never rejects. */
  async function execute(
    request: AskedRequest,
    sent: SentParameters,
    context: RequestContext,
  ): Promise<ExecutionResult> {
    try {
      const params = checkParameters(findDocument(sent));
      const asked = { params, request: request as unknown as Request, context: context as never };
      return (await yoga.handleParams(asked)) as ExecutionResult;
    } catch (error) {
      return { errors: [toGraphqlError(error)] };
    }
  }
}

function documentsOf(
  { automaticPersistedQueries }: Config,
  persisted: PersistedDocuments | undefined,
): FindDocument {
  if (persisted) return createRegisteredDocuments(persisted);
  return automaticPersistedQueries ? createHashedDocuments() : (params) => params;
}
