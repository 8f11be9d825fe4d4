import {
  memberColumns,
  roleColumns,
  roleGrantColumns,
  tokenColumns,
  userColumns,
  userGrantColumns,
} from '../accounts/account-columns.ts';
import { auditColumns } from '../audit/audit-columns.ts';
import { scriptColumns } from '../scripts/script-columns.ts';
import type { Columns } from '../sql/columns.ts';

/** A table as an export has it. */
export interface Table {
  /** The type of its lines. */
  readonly type: string;
  readonly table: string;
  /** The columns by their names in a line. A number that the database gives is not exported. */
  readonly columns: Columns;
  /** The columns of the primary key. The export reads pages in their order. */
  readonly key: readonly string[];
}

export const auditTrail: Table = {
  type: 'auditEvent',
  table: 'audit_events',
  columns: auditColumns,
  key: ['id'],
};

/** Every table, in an order that import can write: a row comes after the rows that it refers to. */
export const tables: readonly Table[] = [
  { type: 'user', table: 'users', columns: userColumns, key: ['id'] },
  { type: 'role', table: 'roles', columns: roleColumns, key: ['id'] },
  { type: 'roleMember', table: 'role_members', columns: memberColumns, key: ['user_id', 'role_id'] },
  { type: 'userGrant', table: 'user_grants', columns: userGrantColumns, key: ['user_id', 'permission'] },
  { type: 'roleGrant', table: 'role_grants', columns: roleGrantColumns, key: ['role_id', 'permission'] },
  { type: 'token', table: 'tokens', columns: tokenColumns, key: ['id'] },
  { type: 'script', table: 'dtrace_scripts', columns: scriptColumns, key: ['uuid'] },
  auditTrail,
];
