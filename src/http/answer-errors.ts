import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BadUserInputError, GatewayError, HttpRequestError, NotFoundError } from '../errors.ts';
import { shorten } from '../telemetry/logger.ts';
import type { DescribedError, DescribeError } from './describe-error.ts';
import { faceOf } from './request-facts.ts';
import { isBelowRest, pathOf } from './request-target.ts';
import { sendJson } from './send-json.ts';

/** Answers an error in the form of GraphQL. */
export type AnswerAsGraphql = (request: FastifyRequest, reply: FastifyReply, error: unknown) => unknown;

/**
 * Answers every error that a hook or a handler throws, and every request to an address that does not exist, in the form of
 * the API that the request came to.
 */
export function answerErrors(
  describe: DescribeError,
  asGraphql: AnswerAsGraphql,
): (server: FastifyInstance) => void {
  return (server) => {
    server.setErrorHandler((error: FastifyError, request, reply) => {
      const cause = ownError(error);
      if (faceOf(request) === 'graphql') return asGraphql(request, reply, cause);
      return isRest(request) ? answerAsRest(cause, request, reply) : answerPlainly(cause, request, reply);
    });
    server.setNotFoundHandler((request) => {
      throw new NotFoundError(
        isRest(request)
          ? 'There is nothing at this address: is the UUID complete?'
          : 'There is nothing at this address.',
      );
    });
  };

  function answerAsRest(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { method, originalUrl, viewer } = request;
    const about = { method, path: shorten(pathOf(originalUrl)), user: viewer?.name };
    const described = describe(error, request.id, about);
    const { code, message, details } = described;
    return answer(reply, described, { error: { code, message, ...details } });
  }

  function answerPlainly(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const described = describe(error, request.id, { path: shorten(request.originalUrl) });
    const { code, message, details } = described;
    return answer(reply, described, { errors: [{ message, extensions: { code, ...details } }] });
  }
}

function answer(reply: FastifyReply, { http }: DescribedError, body: object): FastifyReply {
  reply.code(http.status).headers(http.headers ?? {});
  return sendJson(reply, JSON.stringify(body));
}

function isRest(request: FastifyRequest): boolean {
  return faceOf(request) === 'rest' || isBelowRest(request.originalUrl);
}

/** An error of Fastify itself names its HTTP status. */
function ownError(error: FastifyError): unknown {
  if (error instanceof GatewayError || typeof error.statusCode !== 'number' || error.statusCode >= 500)
    return error;
  return error.validation === undefined
    ? new HttpRequestError(error.statusCode, error.message)
    : new BadUserInputError('body', error.message);
}
