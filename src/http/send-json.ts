import type { FastifyReply } from 'fastify';

/** Answers a text that is JSON, as `application/json` without a parameter: JSON has no other charset than UTF-8. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.serializer(asItIs).header('content-type', 'application/json').send(json);
}

function asItIs(json: string): string {
  return json;
}
