import type { ExecutionResult } from 'graphql';
import { getSSEProcessor } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { httpErrors } from '../errors.ts';
import { stringify } from '../json/json-text.ts';
import { type DescribedResult, type DescribeResult, toGraphqlError } from './describe-result.ts';
import type { Answer } from './exchange.ts';

/** The media types of answers. When two are accepted equally, the second is taken: older clients expect it. */
const responseType = 'application/graphql-response+json';
const jsonType = 'application/json';
const streamType = 'text/event-stream';

/** Puts results into the form that a request accepts. */
export type AnswerResult = (
  result: ExecutionResult | readonly ExecutionResult[],
  accept: string | null,
  requestId: string,
) => Answer | Promise<Answer>;

/**
 * Creates the function that answers results. With data, the status is 200. Without, it is the highest status of the errors.
 */
export function createResultAnswer(describe: DescribeResult): AnswerResult {
  const negotiate = createNegotiation();
  return (result, accept, requestId) => {
    const type = negotiate(accept ?? '*/*');
    if (type === undefined) return answer([describe(notAcceptable(), requestId)], jsonType, false);
    const isList = Array.isArray(result);
    const results = (isList ? result : [result]).map((single) => describe(single, requestId));
    return type === streamType ? stream(results) : answer(results, type, isList);
  };
}

/** GraphQL over HTTP: as `application/json`, an error of the document has the status 200. */
function answer(results: readonly DescribedResult[], type: string, isList: boolean): Answer {
  const bodies = results.map(({ body }) => body);
  const failures = isList ? [] : (results[0]?.failures ?? []);
  const statuses = failures.filter(({ isOfDocument }) => !(isOfDocument && type === jsonType));
  return {
    status: Math.max(0, ...statuses.map(({ status }) => status)) || 200,
    headers: Object.assign(
      { 'content-type': `${type}; charset=utf-8` },
      ...failures.map(({ headers }) => headers),
    ),
    body: stringify(isList ? bodies : bodies[0]),
  };
}

const sendEvents = getSSEProcessor();

/** Sends each result as a server-sent event, to clients that accept nothing else. */
async function stream(results: readonly DescribedResult[]): Promise<Answer> {
  const bodies = results.map(({ body }) => JSON.parse(stringify(body)));
  const response = await sendEvents(
    bodies.length === 1 ? bodies[0] : bodies,
    globalThis as never,
    streamType,
  );
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body as ReadableStream<Uint8Array>,
  };
}

/** Bounds of the cache of `accept` headers: clients send few different ones. */
const [maxHeaders, maxHeaderLength] = [200, 500];

/** Creates the function that finds the type that an `accept` header prefers; undefined when it accepts none. */
function createNegotiation(): (accept: string) => string | undefined {
  const types = new LRUCache<string, { readonly type: string | undefined }>({ max: maxHeaders });
  return (accept) => {
    const known = types.get(accept);
    if (known !== undefined) return known.type;
    const [type] = new Negotiator({ headers: { accept } }).mediaTypes([jsonType, responseType, streamType]);
    if (accept.length <= maxHeaderLength) types.set(accept, { type });
    return type;
  };
}

function notAcceptable(): ExecutionResult {
  return { errors: [toGraphqlError(httpErrors.notAcceptable([responseType, jsonType]))] };
}
