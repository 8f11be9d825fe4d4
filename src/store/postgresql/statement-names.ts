import type { Pool, PoolClient } from 'pg';

/** How many statements are prepared on a connection, about: the server keeps each until it is told otherwise. */
const maxPrepared = 200;

/** A longer statement is planned every time. */
const maxStatementCharacters = 16 * 1024;

/** What the driver knows of a connection, apart from its types: the statements that are prepared on it, by name. */
interface Driver {
  readonly connection: { parsedStatements: Readonly<Record<string, string>> };
}

/**
 * Creates the function that names the statements to be prepared, each text with a name of its own.
 *
 * Callers choose the columns that are read and the length of paths, hence texts in any number. So when the names are used
 * up, all are forgotten and a new round of names begins. A connection of an earlier round drops its statements before it is
 * used again; those that are needed still are prepared along with their next use.
 *
 * @returns the name of a statement; empty for one that is not to be prepared
 */
export function createStatementNames(pool: Pool): (text: string) => string {
  const names = new Map<string, string>();
  const rounds = new WeakMap<PoolClient, number>();
  let round = 0;

  pool.on('connect', (client) => void rounds.set(client, round));
  // Before whoever gets the connection sends anything.
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
  // The driver would go on to use what the server has dropped.
  (client as unknown as Driver).connection.parsedStatements = {};
  // Should it fail, so does what follows on this connection; names do not come again.
  void client.query('DEALLOCATE ALL', () => {});
}
