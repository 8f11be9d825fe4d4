import { type Caller, createRandom, type Library, pick, tokens } from './data.ts';
import { documents } from './documents.ts';
import { type EncodedRequest, encodeRequest, type HttpRequest } from './load.ts';

export interface BenchRequest extends HttpRequest {
  /** For a write, the changed script. */
  readonly writesTo?: string;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** The library: the common one, or the large one with many grants for the collector. */
  readonly library: 'common' | 'grants';
  /** Only the gateway and the ceiling server have FiFo's REST API. */
  readonly isRest?: boolean;
  readonly isWrite?: boolean;
  /** Builds a request from its number. The same number gives the same request. */
  request(library: Library, number: number): BenchRequest;
}

const listSize = 50;
const batchSize = 100;

export const workloads: readonly Workload[] = [
  {
    name: 'one-script',
    title: 'one script, all fields',
    library: 'common',
    request: ({ uuids }, number) => oneScript(pick(createRandom(number), uuids)),
  },
  {
    name: 'list-50',
    title: 'list of 50, three fields',
    library: 'common',
    request: list,
  },
  {
    name: 'list-50-uuids',
    title: 'list of 50, UUIDs',
    library: 'common',
    request: () => graphql('frontend', documents.listUuids, { first: listSize }),
  },
  {
    name: 'set-metadata',
    title: 'set one metadata path',
    library: 'common',
    isWrite: true,
    request: setMetadata,
  },
  {
    name: 'mixed',
    title: 'of ten requests, seven for a script, two for a list, one write',
    library: 'common',
    isWrite: true,
    request: (library, number) => {
      if (number % 10 === 0) return setMetadata(library, number);
      if (number % 10 < 3) return list();
      return oneScript(pick(createRandom(number), library.uuids));
    },
  },
  {
    name: 'batch-100',
    title: 'batch of 100 UUIDs, as a gateway sends it',
    library: 'common',
    request: ({ uuids }, number) => {
      const random = createRandom(number);
      return graphql('frontend', documents.batch, {
        uuids: Array.from({ length: batchSize }, () => pick(random, uuids)),
      });
    },
  },
  {
    name: 'rest-get',
    title: 'REST: GET /dtrace/<uuid>',
    library: 'common',
    isRest: true,
    request: ({ uuids }, number) => ({
      method: 'GET',
      path: `/dtrace/${pick(createRandom(number), uuids)}`,
      headers: authorization('frontend'),
      body: '',
    }),
  },
  {
    name: 'list-50-grants',
    title: 'list of 50, three fields, 5,000 single grants',
    library: 'grants',
    request: () => graphql('collector', documents.list, { first: listSize }),
  },
];

/** @throws Error if the name is unknown */
export function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`There is no workload ${name}.`);
  return found;
}

/** The number of different requests of a workload. They are sent in turn. */
const requestsPerWorkload = 1_000;

/** The requests of a workload as bytes. */
export function encodeRequests(workload: Workload, library: Library): EncodedRequest[] {
  return Array.from({ length: requestsPerWorkload }, (_, number) =>
    encodeRequest(workload.request(library, number)),
  );
}

/** Reads one script with all its fields. Also used to read back a write. */
export function oneScript(uuid: string): BenchRequest {
  return graphql('frontend', documents.script, { uuid });
}

function list(): BenchRequest {
  return graphql('frontend', documents.list, { first: listSize });
}

function setMetadata({ uuids }: Library, number: number): BenchRequest {
  const uuid = pick(createRandom(number), uuids);
  const value = { at: 1_767_225_600_000 + number, exitCode: number % 3, host: `host-${number % 40}` };
  const variables = { uuid, path: ['runs', 'last'], value };
  return { ...graphql('frontend', documents.setMetadata, variables), writesTo: uuid };
}

export function graphql(
  caller: Caller,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): BenchRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { ...authorization(caller), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  };
}

export function authorization(caller: Caller): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${tokens[caller]}` };
}
