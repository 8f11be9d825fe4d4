import type { ExecutionResult } from 'graphql';
import { getSSEProcessor } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { httpErrors } from '../errors.ts';
import { stringify } from '../json/json-text.ts';
import { type DescribedResult, type DescribeResult, toGraphqlError } from './describe-result.ts';
import type { Answer } from './exchange.ts';

/** What a result can be answered as. Of two that are accepted alike, the second is what clients of old expect. */
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
 * Creates the function that answers results. The status is that of the gravest error where there is no data at all, and 200
 * as soon as there is some.
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

/** By GraphQL over HTTP, a document that is wrong is answered 200 as `application/json`. */
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

/** Each result as an event, for who accepts nothing else. */
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

/** How many headers are remembered: clients send a few. A longer one is not worth it. */
const [maxHeaders, maxHeaderLength] = [200, 500];

/** Creates the function that finds the type that a header `accept` prefers; undefined for none of them. */
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
