import type { SdlAccess } from '../config.ts';
import { type GatewayError, SdlClosedError, UnauthenticatedError } from '../errors.ts';
import type { GatewayContext } from './context.ts';

/** Returns the reason why a caller may not use a field, or `undefined`. Runs before the resolver. */
export type FieldGuard = (context: GatewayContext) => GatewayError | undefined;

/**
 * Marks a root field as guarded by a function, without a permission of its own. This is an explicit exception, like
 * `openToAll`: the answer of the field must need no permission, or the field checks the permission itself.
 */
export function guardedBy(guard: FieldGuard): { readonly guard: FieldGuard } {
  return { guard };
}

/** Requires a valid token. */
export const signedIn: FieldGuard = ({ viewer }) =>
  viewer === null ? new UnauthenticatedError() : undefined;

/** Requires what the setting `SDL_ACCESS` says. */
export function admittedToSdl(access: SdlAccess): FieldGuard {
  switch (access) {
    case 'open':
      return () => undefined;
    case 'signed-in':
      return signedIn;
    case 'closed':
      return () => new SdlClosedError();
  }
}
