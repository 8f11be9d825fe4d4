import { type Columns, integer, optional, text, time, uuid } from '../sql/columns.ts';
import type { Prisma } from '../sqlite/generated/client.ts';

/** The columns of `"users"`. */
export const userColumns = {
  id: uuid('id'),
  name: text('name'),
  subject: optional(text('subject')),
  permissionsVersion: integer('permissions_version'),
  permissionsResetVersion: integer('permissions_reset_version'),
  createdAt: time('created_at'),
} as const satisfies Columns<Prisma.UserScalarFieldEnum>;

/** The columns of `"roles"`. */
export const roleColumns = {
  id: uuid('id'),
  name: text('name'),
  createdAt: time('created_at'),
} as const satisfies Columns<Prisma.RoleScalarFieldEnum>;

/** The columns of `"role_members"`. */
export const memberColumns = {
  userId: uuid('user_id'),
  roleId: uuid('role_id'),
} as const satisfies Columns<Prisma.RoleMemberScalarFieldEnum>;

/** The columns of `"user_grants"`. */
export const userGrantColumns = {
  userId: uuid('user_id'),
  permission: text('permission'),
  scriptUuid: optional(uuid('script_uuid')),
  sinceVersion: integer('since_version'),
} as const satisfies Columns<Prisma.UserGrantScalarFieldEnum>;

/** The columns of `"role_grants"`. */
export const roleGrantColumns = {
  roleId: uuid('role_id'),
  permission: text('permission'),
  scriptUuid: optional(uuid('script_uuid')),
} as const satisfies Columns<Prisma.RoleGrantScalarFieldEnum>;

/** The columns of `"tokens"`. */
export const tokenColumns = {
  id: uuid('id'),
  digest: text('digest'),
  userId: uuid('user_id'),
  label: optional(text('label')),
  createdAt: time('created_at'),
  expiresAt: optional(time('expires_at')),
  revokedAt: optional(time('revoked_at')),
} as const satisfies Columns<Prisma.TokenScalarFieldEnum>;
