import type pg from 'pg';
import { UnusableConnectionError } from '../sql/failures.ts';

/** What the store does with its tables. A DELETE that follows references uses the rights of the owner of the tables. */
const neededRights: Readonly<Record<string, readonly string[]>> = {
  dtrace_scripts: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  users: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  roles: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  role_members: ['SELECT', 'INSERT', 'DELETE'],
  user_grants: ['SELECT', 'INSERT', 'DELETE'],
  role_grants: ['SELECT', 'INSERT', 'DELETE'],
  tokens: ['SELECT', 'INSERT', 'UPDATE'],
  audit_events: ['SELECT', 'INSERT', 'DELETE'],
};

/**
 * Checks that the role has the rights that the store needs.
 *
 * @throws UnusableConnectionError that names the missing rights
 */
export async function checkRights(client: pg.ClientBase, schema: string): Promise<void> {
  const wanted = Object.entries(neededRights).flatMap(([table, rights]) =>
    rights.map((right) => `('${table}', '${right}')`),
  );
  const { rows } = await client.query<{ missing: string }>(`
    SELECT format('%s on the table %s', "right", "table") AS "missing"
    FROM (VALUES ${wanted.join(', ')}) AS wanted ("table", "right")
    WHERE NOT coalesce(has_table_privilege(to_regclass(quote_ident("table")), "right"), FALSE)
    UNION ALL
    SELECT format('USAGE on the sequence %s', "sequence")
    FROM (SELECT CASE WHEN to_regclass('audit_events') IS NOT NULL
      THEN pg_get_serial_sequence('audit_events', 'id') END AS "sequence") AS sequences
    WHERE NOT has_sequence_privilege("sequence", 'USAGE')`);
  if (rows.length === 0) return;
  const missing = rows.map((row) => row.missing).join(', ');
  throw new UnusableConnectionError(`the role lacks rights in the schema "${schema}": ${missing}`);
}
