import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createFederationGateway, identify } from '../../examples/federation/gateway.ts';
import { createHostsService as createHostsSubgraph } from '../../examples/federation/hosts.ts';
import { createStitchingGateway } from '../../examples/stitching/gateway.ts';
import { createHostsService, type Host } from '../../examples/stitching/hosts.ts';
import { createGateway } from '../../src/gateway.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { GraphqlAnswer, World } from '../support/world.ts';
import { createSupergraphGateway } from './supergraph-gateway.ts';

export type Dialect = 'stitching' | 'federation' | 'supergraph';

/** A gateway of another team's over a world and a service of hosts; all speak HTTP. */
export interface Graph {
  /** Sends one operation to the gateway in front. */
  ask(token: string | null, query: string): Promise<GraphqlAnswer>;
  /** What has reached the world since this was last asked: HTTP requests, and queries about scripts. */
  counted(): { readonly requests: number; readonly queries: number };
  close(): Promise<void>;
}

/** A world that listens, and counts. */
export async function serveWorld({ config }: World) {
  let requests = 0;
  let queries = 0;
  const store = await openStore(
    { ...config, readCacheBytes: 0 },
    {
      statement: (_, sql, run) => {
        if (sql.includes('FROM "dtrace_scripts"')) queries++;
        return run();
      },
    },
  );
  const gateway = createGateway(store, config);
  gateway.server.server.on('request', () => {
    requests++;
  });
  const server = await gateway.listen('127.0.0.1', 0);
  return {
    url: `${server.url}/graphql`,
    stop: async () => {
      await server.stop(0);
      await store.close();
    },
    counted: () => {
      const counts = { requests, queries };
      requests = 0;
      queries = 0;
      return counts;
    },
  };
}

/** Starts the gateway of an example over a world. */
export async function startGraph(dialect: Dialect, world: World, hosts: readonly Host[]): Promise<Graph> {
  const { url: scriptsUrl, stop, counted } = await serveWorld(world);
  const token = world.tokens.lister;
  const hostsService = dialect === 'stitching' ? createHostsService(hosts) : createHostsSubgraph(hosts);
  const hostsUrl = await open(hostsService);
  let url: string;
  let close: () => Promise<unknown>;
  if (dialect !== 'federation') {
    const create = dialect === 'stitching' ? createStitchingGateway : createSupergraphGateway;
    const gateway = await create(scriptsUrl, hostsUrl, token);
    url = await open(gateway);
    close = () => shut(gateway);
  } else {
    const gateway = createFederationGateway(scriptsUrl, hostsUrl, token);
    url = (
      await startStandaloneServer(gateway, { context: identify, listen: { host: '127.0.0.1', port: 0 } })
    ).url;
    close = () => gateway.stop();
  }
  counted();
  return {
    ask: (caller, query) => askAt(url, caller, query),
    counted,
    close: async () => {
      await close();
      await shut(hostsService);
      await stop();
    },
  };
}

export async function askAt(url: string, token: string | null, query: string): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  const { data, errors = [] } = (await response.json()) as GraphqlAnswer;
  return { status: response.status, headers: response.headers, data, errors };
}

async function open(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
