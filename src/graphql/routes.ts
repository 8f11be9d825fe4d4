import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { findContentFault } from '../http/find-content-fault.ts';
import type { ReadBody } from '../http/read-body.ts';
import { originOf } from '../http/request-facts.ts';
import { sendJson } from '../http/send-json.ts';
import { createAnswerBudget } from '../operations/answer-budget.ts';
import type { GatewayContext } from '../schema/context.ts';
import type { Engine } from './engine.ts';
import { AskedRequest } from './exchange.ts';

export const graphqlEndpoint = '/graphql';

const mediaTypes = ['application/json', 'application/graphql+json'];

/** What resolvers work with, whoever asks. */
export type Services = Pick<GatewayContext, 'scripts' | 'accounts' | 'trail'>;

/** Answers a request, or the error that a step before met. */
export function createGraphqlAnswer(engine: Engine, services: Services, maxResponseBytes: number) {
  return async (request: FastifyRequest, reply: FastifyReply, failure?: unknown): Promise<FastifyReply> => {
    const { viewer } = request;
    const context = {
      viewer,
      ...services,
      origin: () => originOf(request, viewer),
      budget: createAnswerBudget(maxResponseBytes),
      spent: { cost: 0 },
    };
    const { status, headers, body } = await engine(new AskedRequest(request, failure), context);
    if (status === 406) return refuseAccept(reply, request.id);
    // The time limit may have come first.
    if (reply.sent) return reply;
    return reply.code(status).headers(headers).send(body);
  };
}

/** The address of GraphQL: every method goes to the engine, which knows those of GraphQL. */
export function graphqlRoutes(
  answer: ReturnType<typeof createGraphqlAnswer>,
  { readBody, page }: { readonly readBody: ReadBody; readonly page?: preHandlerHookHandler | undefined },
) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) => readBody(payload));
    server.route({
      method: ['GET', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'],
      url: graphqlEndpoint,
      config: { face: 'graphql', opensToPages: true },
      preParsing: ({ method, headers }, _, payload, done) => {
        const fault = method === 'POST' ? findContentFault(headers, mediaTypes) : null;
        if (fault) done(fault);
        else done(null, payload);
      },
      ...(page ? { preHandler: page } : {}),
      handler: (request, reply) => answer(request, reply),
    });
  };
}

/** Without a form that the caller accepts, the error has the one that every client reads. */
function refuseAccept(reply: FastifyReply, requestId: string): FastifyReply {
  const message =
    'Answers are application/graphql-response+json or application/json: allow one of them in the header "accept".';
  const error = { message, extensions: { code: 'BAD_USER_INPUT', requestId } };
  return sendJson(reply.code(406), JSON.stringify({ errors: [error] }));
}
