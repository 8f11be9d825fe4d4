import type { SdlAccess } from '../config.ts';
import { type GatewayError, SdlClosedError, UnauthenticatedError } from '../errors.ts';
import type { GatewayContext } from './context.ts';

/** Why a caller may not use a field, or `undefined` when they may. Asked before the field is resolved. */
export type FieldGuard = (context: GatewayContext) => GatewayError | undefined;

/**
 * Marks a root field as guarded by something other than a permission. Like `openToAll` it is an explicit exception:
 * what the field answers must need no permission, or check it by itself.
 */
export function guardedBy(guard: FieldGuard): { readonly guard: FieldGuard } {
  return { guard };
}

/** Lets anybody with a valid token pass. */
export const signedIn: FieldGuard = ({ viewer }) =>
  viewer === null ? new UnauthenticatedError() : undefined;

/** Lets those pass whom the setting `SDL_ACCESS` admits. */
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
