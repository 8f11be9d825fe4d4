import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Origin, refusalOf } from '../audit/audit-event.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import { findRefusal } from '../permissions/find-refusal.ts';
import { factsOf, originOf } from './request-facts.ts';

export interface SignInDependencies {
  readonly authenticate: Authenticator;
  readonly trail: AuditTrail;
  /** Makes a user out of the subject of a JSON Web Token. */
  readonly addUser: (origin: Origin, subject: string) => Promise<void>;
}

/**
 * Finds out who makes each request to an API, before its body is read, and records bad tokens. A request without a token
 * has the viewer null.
 */
export function signIn({
  authenticate,
  trail,
  addUser,
}: SignInDependencies): (server: FastifyInstance) => void {
  return (server) => {
    server.decorateRequest('viewer', null);
    server.addHook('onRequest', (request, _, done) => {
      const { face, requires } = request.routeOptions.config ?? {};
      if (face === undefined && requires === undefined) return done();
      viewerOf(request).then((viewer) => {
        request.viewer = viewer;
        done();
      }, done);
    });
  };

  async function viewerOf(request: FastifyRequest): Promise<Viewer | null> {
    const origin = () => originOf(request, null);
    try {
      const { authorization = null } = request.headers;
      return await authenticate(authorization, factsOf(request).address, (subject) =>
        addUser(origin(), subject),
      );
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        await trail.refused(origin(), [refusalOf(error, 'SIGN_IN')]);
      }
      throw error;
    }
  }
}

/** Refuses a viewer who lacks the permission that a route requires, and records it. GraphQL fields have their own guards. */
export function admit(trail: AuditTrail): (server: FastifyInstance) => void {
  return (server) => {
    server.addHook('onRequest', (request, _, done) => {
      const { requires } = request.routeOptions.config ?? {};
      if (requires === undefined) return done();
      const { viewer, params } = request;
      const { uuid = '' } = params as { readonly uuid?: string };
      const refusal = findRefusal(viewer, [requires.permission], { uuid: uuid.toLowerCase() });
      if (refusal === undefined || viewer === null) return done(refusal);
      const recorded = trail.refused(originOf(request, viewer), [refusalOf(refusal, requires.action)]);
      recorded.then(() => done(refusal), done);
    });
  };
}
