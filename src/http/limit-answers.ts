import type { FastifyInstance } from 'fastify';
import { AnswerTooLargeError } from '../errors.ts';
import { faceOf } from './request-facts.ts';

/**
 * Refuses an answer of an API that is larger than allowed. Its parts are counted as they are read; as JSON they can be
 * longer, since control characters take six.
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
