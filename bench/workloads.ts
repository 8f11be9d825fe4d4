import { type Caller, createRandom, type Library, pick, tokens } from './data.ts';
import { documents } from './documents.ts';
import { type EncodedRequest, encodeRequest, type HttpRequest } from './load.ts';

export interface BenchRequest extends HttpRequest {
  /** For a write, the script that it changes. */
  readonly writesTo?: string;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Which library it works on: the common one, or the large one in which the collector holds many grants. */
  readonly library: 'common' | 'grants';
  /** Only the gateway and the ceiling have FiFo's REST API. */
  readonly isRest?: boolean;
  readonly isWrite?: boolean;
  /** The request by its number; the same numbers give the same requests. */
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

/** @throws Error when there is none by that name */
export function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`There is no workload ${name}.`);
  return found;
}

/** Different requests of a workload, taken in turn. */
const requestsPerWorkload = 1_000;

/** The requests of a workload as they are sent. */
export function encodeRequests(workload: Workload, library: Library): EncodedRequest[] {
  return Array.from({ length: requestsPerWorkload }, (_, number) =>
    encodeRequest(workload.request(library, number)),
  );
}

/** One script with all its fields: a workload, and how a write is read back. */
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
