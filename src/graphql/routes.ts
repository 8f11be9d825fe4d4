import type { IncomingMessage } from 'node:http';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  preHandlerHookHandler,
} from 'fastify';
import { graphqlRequestErrors } from '../errors.ts';
import { findContentFault } from '../http/find-content-fault.ts';
import type { ReadBody } from '../http/read-body.ts';
import { originOf } from '../http/request-facts.ts';
import { createAnswerBudget } from '../operations/answer-budget.ts';
import type { GatewayContext } from '../schema/context.ts';
import type { Engine } from './engine.ts';
import { type Answer, AskedRequest } from './exchange.ts';

export const graphqlEndpoint = '/graphql';

const mediaTypes = ['application/json', 'application/graphql+json'];

/** What resolvers work with; the same for every viewer. */
export type Services = Pick<GatewayContext, 'scripts' | 'accounts' | 'trail'>;

/** The request handlers of GraphQL. */
export interface GraphqlHandlers {
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  /** Answers an error of a step before GraphQL. */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<FastifyReply>;
}

export function createGraphqlHandlers(
  engine: Engine,
  services: Services,
  maxResponseBytes: number,
): GraphqlHandlers {
  return {
    answer: async (request, reply) => {
      const { viewer } = request;
      const context = {
        viewer,
        ...services,
        origin: () => originOf(request, viewer),
        budget: createAnswerBudget(maxResponseBytes),
        spent: { cost: 0 },
      };
      return send(reply, await engine.answer(new AskedRequest(request), context));
    },
    refuse: async (request, reply, error) =>
      send(reply, await engine.refuse(new AskedRequest(request), error)),
  };
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  // The time limit may have answered first.
  return reply.sent ? reply : reply.code(status).headers(headers).send(body);
}

/** The routes of GraphQL. */
export function graphqlRoutes(
  { answer }: GraphqlHandlers,
  { readBody, page }: { readonly readBody: ReadBody; readonly page?: preHandlerHookHandler | undefined },
) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) => readBody(payload));
    const config = { face: 'graphql', opensToPages: true } as const;
    server.route({
      method: ['GET', 'POST'],
      url: graphqlEndpoint,
      config,
      preParsing: ({ method, headers }, _, payload, done) => {
        const fault = method === 'POST' ? findContentFault(headers, mediaTypes) : null;
        if (fault) done(fault);
        else done(null, payload);
      },
      ...(page ? { preHandler: page } : {}),
      handler: answer,
    });
    server.route({
      method: server.supportedMethods.filter((method) => !methods.has(method)) as HTTPMethods[],
      url: graphqlEndpoint,
      config,
      handler: () => {
        throw graphqlRequestErrors.methodNotAllowed();
      },
    });
  };
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
