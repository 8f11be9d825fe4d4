import { createDatabase } from './database.ts';
import { openSession, type Server, startServer } from './process.ts';

/** Two servers, and the command line as a third process, on one new database. */
export interface TwoServers {
  readonly databaseUrl: string;
  readonly one: Server;
  readonly other: Server;
  /** The token of the first start. Either server printed it. */
  readonly admin: string;
  readonly command: ReturnType<typeof openSession>;
  stop(): Promise<void>;
}

export async function startTwoServers(): Promise<TwoServers> {
  const database = await createDatabase();
  const environment = { DATABASE_URL: database.url };
  const command = openSession(environment);
  const [one, other] = await Promise.all([startServer(environment), startServer(environment)]);
  return {
    databaseUrl: database.url,
    one,
    other,
    admin: one.adminToken ?? other.adminToken ?? '',
    command,
    stop: async () => {
      await Promise.all([one.stop(), other.stop()]);
      await database.drop();
    },
  };
}
