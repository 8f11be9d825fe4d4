import type { IncomingMessage } from 'node:http';
import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';

export interface Caller {
  readonly authorization: string | undefined;
}

/**
 * One graph over the DTrace gateway and the subgraph of the hosts.
 *
 * @param scriptsUrl - GraphQL of the DTrace gateway
 * @param hostsUrl - GraphQL of the hosts
 * @param token - reads the SDL, at start; callers bring tokens of their own
 */
export function createFederationGateway(
  scriptsUrl: string,
  hostsUrl: string,
  token: string,
): ApolloServer<Caller> {
  const gateway = new ApolloGateway({
    supergraphSdl: new IntrospectAndCompose({
      subgraphs: [
        { name: 'dtrace', url: scriptsUrl },
        { name: 'hosts', url: hostsUrl },
      ],
      introspectionHeaders: { authorization: `Bearer ${token}` },
    }),
    buildService: ({ url }) => new AsCaller(url === undefined ? {} : { url }),
  });
  return new ApolloServer<Caller>({ gateway, includeStacktraceInErrorResponses: false });
}

/** Sends operations to a subgraph with the caller's own token. */
class AsCaller extends RemoteGraphQLDataSource<Partial<Caller>> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Partial<Caller>>['willSendRequest']>>[0]): void {
    if (context.authorization) request.http?.headers.set('authorization', context.authorization);
  }
}

/** What an operation is run with: the caller's own token. */
export async function identify({ req }: { readonly req: IncomingMessage }): Promise<Caller> {
  return { authorization: req.headers.authorization };
}
