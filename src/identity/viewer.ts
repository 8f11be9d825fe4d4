import type { PermissionSet } from '../permissions/permission-set.ts';

/** The user of a request, with the current permissions. */
export interface Viewer {
  readonly userId: string;
  readonly name: string;
  readonly permissions: PermissionSet;
  readonly token: {
    /** Null for a JSON Web Token: the gateway did not issue it. */
    readonly id: string | null;
    readonly label: string | null;
    readonly expiresAt: Date | null;
  };
}
