import type { IncomingMessage } from 'node:http';
import { type Origin, refusalOf } from '../audit/audit-event.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import { originOf } from './origin.ts';
import { clientAddressOf, headerOf } from './settle-headers.ts';

/** Finds out who makes a request; null without a token. @throws UnauthenticatedError for a bad one */
export type SignIn = (request: Request | IncomingMessage, via: Origin['via']) => Promise<Viewer | null>;

/**
 * Authenticates requests, whichever doorway they come through, and records bad tokens.
 *
 * @param addUser - makes a user out of the subject of a JSON Web Token
 */
export function createSignIn(
  authenticate: Authenticator,
  trail: AuditTrail,
  addUser: (origin: Origin, subject: string) => Promise<void>,
): SignIn {
  // A request that is tried the short way and goes the long way after all is one sign-in.
  const known = new WeakMap<Request | IncomingMessage, Promise<Viewer | null>>();
  return (request, via) => {
    let viewer = known.get(request);
    if (viewer === undefined) {
      viewer = signIn(request, via);
      known.set(request, viewer);
    }
    return viewer;
  };

  async function signIn(request: Request | IncomingMessage, via: Origin['via']): Promise<Viewer | null> {
    try {
      return await authenticate(headerOf(request, 'authorization'), clientAddressOf(request), (subject) =>
        addUser(originOf(request, null, via), subject),
      );
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        await trail.refused(originOf(request, null, via), [refusalOf(error, 'SIGN_IN')]);
      }
      throw error;
    }
  }
}
