import type { Provider } from '../src/store/store.ts';
import { buildLibrary } from './data.ts';
import { openDatabaseHost } from './databases.ts';
import type { EncodedRequest } from './load.ts';
import { encodeRequest } from './load.ts';
import type { Cores } from './machine.ts';
import { type Cell, type Outcome, type RoundsOptions, runRounds } from './rounds.ts';
import type { ServerKind } from './server-kinds.ts';
import { type RunningServer, startServer, stopAll } from './servers.ts';
import { type BenchRequest, findWorkload } from './workloads.ts';

export interface WaysOptions extends RoundsOptions {
  /** The gateway, one of another checkout, or both. */
  readonly servers: readonly ServerKind[];
  readonly scripts: number;
  readonly cores: Cores | undefined;
}

/** One way to request one script. */
interface Way {
  readonly name: string;
  /** The settings of the gateway; by default its defaults. */
  readonly setting?: Partial<ServerKind>;
  /** @param plain - the request of a plain client @param origin - of the server */
  request(plain: BenchRequest, origin: string): BenchRequest;
}

/** The other ways are compared with this one. */
export const plainWay = 'plain';

const consoleOrigin = 'https://console.example.com';

const ways: readonly Way[] = [
  { name: plainWay, request: (plain) => plain },
  { name: 'axios', request: (plain) => withHeaders(plain, { accept: 'application/json, text/plain, */*' }) },
  { name: 'own-page', request: (plain, origin) => withHeaders(plain, browserHeaders(origin, 'same-origin')) },
  {
    name: 'foreign-page',
    setting: { environment: { CORS_ORIGINS: consoleOrigin } },
    request: (plain) => withHeaders(plain, browserHeaders(consoleOrigin, 'cross-site')),
  },
  {
    name: 'graphql-response',
    request: (plain) => withHeaders(plain, { accept: 'application/graphql-response+json' }),
  },
  { name: 'get', request: asGet },
  { name: 'rest', request: (plain) => plain },
  {
    name: 'debug-log',
    setting: { environment: { LOG_LEVEL: 'debug' }, discardsLog: true },
    request: (plain) => plain,
  },
];

/** Requests one script with all its fields in each way, in the same rounds. */
export async function compareWays(provider: Provider, options: WaysOptions): Promise<Outcome[]> {
  const { cores } = options;
  const host = await openDatabaseHost(provider, cores?.others);
  const servers: RunningServer[] = [];
  try {
    const { library, url: databaseUrl } = await host.build('ways', (url) =>
      buildLibrary(url, options.scripts, 0),
    );
    const cells: Cell[] = [];
    for (const kind of options.servers) {
      const start = async (setting: Partial<ServerKind> = {}) => {
        const server = await startServer({ ...kind, ...setting }, { databaseUrl, core: cores?.server });
        servers.push(server);
        return server;
      };
      const standard = await start();
      for (const way of ways) {
        const server = way.setting ? await start(way.setting) : standard;
        const { request } = findWorkload(way.name === 'rest' ? 'rest-get' : 'one-script');
        const requests = Array.from(
          { length: 1_000 },
          (_, number): EncodedRequest => encodeRequest(way.request(request(library, number), server.url)),
        );
        cells.push({ workload: `one script, ${kind.name}`, server: { ...server, name: way.name }, requests });
      }
    }
    return await runRounds(cells, { ...options, baseline: plainWay });
  } finally {
    await stopAll(servers);
    await host.close();
  }
}

function withHeaders(request: BenchRequest, headers: Readonly<Record<string, string>>): BenchRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** The headers of `fetch` in Chromium. */
function browserHeaders(
  origin: string,
  site: 'same-origin' | 'cross-site',
): Readonly<Record<string, string>> {
  return {
    // The origin of the gateway's own page is its host and port.
    ...(site === 'same-origin' ? { host: new URL(origin).host } : {}),
    'sec-ch-ua': '"Chromium";v="143", "Not A(Brand";v="24"',
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': '"Linux"',
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
    accept: '*/*',
    origin,
    'sec-fetch-site': site,
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    referer: `${origin}/graphql`,
    'accept-encoding': 'gzip, deflate, br, zstd',
    'accept-language': 'en-GB,en;q=0.9',
  };
}

/** The same operation in the address. */
function asGet({ path, headers, body }: BenchRequest): BenchRequest {
  const { query, variables } = JSON.parse(body) as { readonly query: string; readonly variables: unknown };
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const { 'content-type': _, ...others } = headers;
  return { method: 'GET', path: `${path}?${search}`, headers: others, body: '' };
}
