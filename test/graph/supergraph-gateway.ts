import { createServer, type Server } from 'node:http';
import { composeServices } from '@apollo/composition';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { askAt } from './graph.ts';

interface Caller {
  readonly authorization: string | null;
}

/**
 * A gateway that was given a composed supergraph, as a router is, and runs it with the engine of Hive Gateway: a second
 * reading of the federation view, by other people's code.
 */
export async function createSupergraphGateway(
  scriptsUrl: string,
  hostsUrl: string,
  token: string,
): Promise<Server> {
  const subgraph = async (name: string, url: string) => {
    const { data } = await askAt(url, token, '{ _service { sdl } }');
    return { name, url, typeDefs: parse(data._service.sdl) };
  };
  const { supergraphSdl = '' } = composeServices([
    await subgraph('dtrace', scriptsUrl),
    await subgraph('hosts', hostsUrl),
  ]);
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    batch: true,
    httpExecutorOpts: {
      headers: (request): Record<string, string> => {
        const { authorization = null } = (request?.context ?? {}) as Partial<Caller>;
        return authorization === null ? {} : { authorization };
      },
    },
  });
  const yoga = createYoga<Record<string, never>, Caller>({
    schema,
    logging: false,
    maskedErrors: false,
    context: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  });
  return createServer(yoga);
}
