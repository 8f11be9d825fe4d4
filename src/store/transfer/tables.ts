import { auditActions, auditDoorways, auditOutcomes } from '../../audit/audit-event.ts';

/** How a value is kept: decides how it is read, checked and written. */
export type Kind = 'uuid' | 'text' | 'integer' | 'time' | 'json';

export interface Column {
  /** Its name in the database. */
  readonly column: string;
  readonly kind: Kind;
  readonly optional?: boolean;
  /** The only texts that it may hold. */
  readonly oneOf?: readonly string[];
}

export interface Table {
  /** What a line of this table calls itself. */
  readonly type: string;
  readonly table: string;
  /** The columns by the name that they have in a line. */
  readonly columns: Readonly<Record<string, Column>>;
  /** The columns of the primary key, by which the table is read in pages. A number that the database gives is no column. */
  readonly key: readonly string[];
}

const uuid = (column: string): Column => ({ column, kind: 'uuid' });
const text = (column: string, oneOf?: readonly string[]): Column => ({
  column,
  kind: 'text',
  ...(oneOf ? { oneOf } : {}),
});
const time = (column: string): Column => ({ column, kind: 'time' });
const integer = (column: string): Column => ({ column, kind: 'integer' });
const json = (column: string): Column => ({ column, kind: 'json' });
const optional = (column: Column): Column => ({ ...column, optional: true });

export const auditTrail: Table = {
  type: 'auditEvent',
  table: 'audit_events',
  columns: {
    at: time('at'),
    action: text('action', Object.keys(auditActions)),
    outcome: text('outcome', auditOutcomes),
    via: text('via', auditDoorways),
    requestId: optional(text('request_id')),
    userId: optional(uuid('user_id')),
    userName: optional(text('user_name')),
    tokenId: optional(uuid('token_id')),
    address: optional(text('address')),
    permission: optional(text('permission')),
    scriptUuid: optional(uuid('script_uuid')),
    target: optional(text('target')),
  },
  key: ['id'],
};

/** Everything that a database holds, in an order in which it can be written: who is referred to comes first. */
export const tables: readonly Table[] = [
  {
    type: 'user',
    table: 'users',
    columns: {
      id: uuid('id'),
      name: text('name'),
      subject: optional(text('subject')),
      permissionsVersion: integer('permissions_version'),
      permissionsResetVersion: integer('permissions_reset_version'),
      createdAt: time('created_at'),
    },
    key: ['id'],
  },
  {
    type: 'role',
    table: 'roles',
    columns: { id: uuid('id'), name: text('name'), createdAt: time('created_at') },
    key: ['id'],
  },
  {
    type: 'roleMember',
    table: 'role_members',
    columns: { userId: uuid('user_id'), roleId: uuid('role_id') },
    key: ['user_id', 'role_id'],
  },
  {
    type: 'userGrant',
    table: 'user_grants',
    columns: {
      userId: uuid('user_id'),
      permission: text('permission'),
      scriptUuid: optional(uuid('script_uuid')),
      sinceVersion: integer('since_version'),
    },
    key: ['user_id', 'permission'],
  },
  {
    type: 'roleGrant',
    table: 'role_grants',
    columns: {
      roleId: uuid('role_id'),
      permission: text('permission'),
      scriptUuid: optional(uuid('script_uuid')),
    },
    key: ['role_id', 'permission'],
  },
  {
    type: 'token',
    table: 'tokens',
    columns: {
      id: uuid('id'),
      digest: text('digest'),
      userId: uuid('user_id'),
      label: optional(text('label')),
      createdAt: time('created_at'),
      expiresAt: optional(time('expires_at')),
      revokedAt: optional(time('revoked_at')),
    },
    key: ['id'],
  },
  {
    type: 'script',
    table: 'dtrace_scripts',
    columns: {
      uuid: uuid('uuid'),
      name: text('name'),
      script: text('script'),
      config: json('config'),
      metadata: json('metadata'),
      revision: integer('revision'),
      createdAt: time('created_at'),
      updatedAt: time('updated_at'),
    },
    key: ['uuid'],
  },
  auditTrail,
];
