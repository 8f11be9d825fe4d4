import { METHODS } from 'node:http';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { httpErrors } from '../errors.ts';

/** Lets routes be defined for every method that Node reads, also those that a server library leaves out. */
export function knowAllMethods(server: FastifyInstance): void {
  for (const method of METHODS) {
    if (!server.supportedMethods.includes(method)) server.addHttpMethod(method, { hasBody: false });
  }
}

/** Answers OPTIONS, and refuses every other method that an address does not have. */
export function refuseOtherMethods(server: FastifyInstance, url: string, methods: readonly string[]): void {
  const known = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])];
  const allow = [...known, 'OPTIONS'].join(', ');
  const config = { face: 'rest' } as const;
  server.route({
    method: server.supportedMethods.filter((method) => !known.includes(method)) as HTTPMethods[],
    url,
    config,
    handler: ({ method }, reply) => {
      if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
      throw httpErrors.methodNotAllowed(method, allow);
    },
  });
}
