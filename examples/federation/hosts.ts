import { createServer, type Server } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

export interface Host {
  readonly uuid: string;
  readonly name: string;
  /** The UUIDs of the scripts that run on it. */
  readonly scripts: readonly string[];
}

/** A subgraph of another team. Of a script it knows the key, and leaves the rest to the subgraph that has it. */
export function createHostsService(hosts: readonly Host[]): Server {
  const schema = buildSubgraphSchema({
    typeDefs: parse(/* GraphQL */ `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
      scalar UUID
      type Query {
        hosts: [Host!]!
      }
      type Host @key(fields: "uuid") {
        uuid: UUID!
        name: String!
        scripts: [DtraceScript!]!
      }
      type DtraceScript @key(fields: "uuid", resolvable: false) {
        uuid: UUID!
      }
    `),
    resolvers: {
      Query: { hosts: () => hosts },
      Host: {
        __resolveReference: ({ uuid }: Host) => hosts.find((host) => host.uuid === uuid) ?? null,
        scripts: (host: Host) => host.scripts.map((uuid) => ({ uuid })),
      },
    },
  });
  const yoga = createYoga({ schema, logging: false });
  return createServer(yoga);
}
