import type { FastifyInstance } from 'fastify';
import { AnswerTooLargeError } from '../errors.ts';
import { faceOf } from './request-facts.ts';

/**
 * Refuses an answer of an API that is larger than allowed. The budget of the request counts what is read; as JSON it can
 * be longer, since a control character takes six bytes.
 */
export function limitAnswers(maxBytes: number): (server: FastifyInstance) => void {
  return (server) => {
    server.addHook('onSend', (request, _, payload, done) => {
      const isTooLarge =
        typeof payload === 'string' &&
        3 * payload.length > maxBytes &&
        Buffer.byteLength(payload) > maxBytes &&
        faceOf(request) !== 'page';
      if (isTooLarge) done(new AnswerTooLargeError(maxBytes));
      else done(null, payload);
    });
  };
}
