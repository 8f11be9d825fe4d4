import type { Pool, PoolClient } from 'pg';

/** About how many statements a connection prepares. The server keeps each until it is deallocated. */
const maxPrepared = 200;

/** A longer statement is not prepared. */
const maxStatementCharacters = 16 * 1024;

/** The prepared statements of a connection by name. The types of the driver do not show them. */
interface Driver {
  readonly connection: { parsedStatements: Readonly<Record<string, string>> };
}

/**
 * Creates the function that names prepared statements. Each text has its own name.
 *
 * Clients choose columns and paths, so the number of texts has no bound. When all names are used, a new round of names
 * begins. A connection of an earlier round deallocates its statements before its next use. A statement that is still needed
 * is prepared again with its next use.
 *
 * @returns the name of a statement; empty if it is not to be prepared
 */
export function createStatementNames(pool: Pool): (text: string) => string {
  const names = new Map<string, string>();
  const rounds = new WeakMap<PoolClient, number>();
  let round = 0;

  pool.on('connect', (client) => void rounds.set(client, round));
  // Before the connection is used.
  pool.on('acquire', (client) => {
    if ((rounds.get(client) ?? round) !== round) dropStatements(client);
    rounds.set(client, round);
  });

  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (text.length > maxStatementCharacters) return '';
    if (names.size >= maxPrepared) {
      names.clear();
      round += 1;
    }
    const name = `r${round}_${names.size}`;
    names.set(text, name);
    return name;
  };
}

function dropStatements(client: PoolClient): void {
  // Otherwise, the driver would use statements that the server has deallocated.
  (client as unknown as Driver).connection.parsedStatements = {};
  // If it fails, the next statement on this connection fails as well. Names are never used again.
  void client.query('DEALLOCATE ALL', () => {});
}
