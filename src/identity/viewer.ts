import type { PermissionSet } from '../permissions/permission-set.ts';

/** Who a request is made for, and what they may do at this moment. */
export interface Viewer {
  readonly userId: string;
  readonly name: string;
  readonly permissions: PermissionSet;
  readonly token: {
    /** Null for a JSON Web Token, which the gateway did not issue. */
    readonly id: string | null;
    readonly label: string | null;
    readonly expiresAt: Date | null;
  };
}
