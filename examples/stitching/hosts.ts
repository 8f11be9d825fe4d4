import { createServer, type Server } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';

export interface Host {
  readonly uuid: string;
  readonly name: string;
  /** The UUIDs of the scripts that run on it. */
  readonly scripts: readonly string[];
}

/** A service of another team. Of a script it knows the UUID, and leaves the rest to the service that has it. */
export function createHostsService(hosts: readonly Host[]): Server {
  const schema = createSchema({
    typeDefs: /* GraphQL */ `
      scalar UUID
      type Query {
        hosts: [Host!]!
      }
      type Host {
        uuid: UUID!
        name: String!
        scripts: [DtraceScript!]!
      }
      type DtraceScript {
        uuid: UUID!
      }
    `,
    resolvers: {
      Query: { hosts: () => hosts },
      Host: { scripts: (host: Host) => host.scripts.map((uuid) => ({ uuid })) },
    },
  });
  const yoga = createYoga({ schema, logging: false });
  return createServer(yoga);
}
